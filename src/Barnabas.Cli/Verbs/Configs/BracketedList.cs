namespace Barnabas.Cli.Verbs.Configs;

/// <summary>Texts divided by commas, where commas inside square brackets divide nothing: <c>a=1,b=[x,y]</c>.</summary>
internal static class BracketedList
{
    public static IEnumerable<string> Split(string text)
    {
        var depth = 0;
        var start = 0;
        for (var at = 0; at < text.Length; at++)
            switch (text[at])
            {
                case '[':
                    depth++;
                    break;
                case ']':
                    depth--;
                    break;
                case ',' when depth <= 0:
                    yield return text[start..at];
                    start = at + 1;
                    break;
            }

        if (start < text.Length)
            yield return text[start..];
    }
}
