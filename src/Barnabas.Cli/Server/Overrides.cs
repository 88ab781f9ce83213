using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Server;

/// <summary>Puts what <c>--override property=value</c> says into a node's properties.</summary>
internal static class Overrides
{
    /// <exception cref="VerbException">There are other words, or a property without a value.</exception>
    public static void Apply(Dictionary<string, string> properties, IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            string text;
            if (words[at].StartsWith("--override=", StringComparison.Ordinal))
                text = words[at]["--override=".Length..];
            else if (words[at] != "--override")
                throw new VerbException(words[at].StartsWith('-')
                    ? $"{words[at].TrimStart('-')} is not a recognized option"
                    : $"Found non argument parameters: {words[at]}");
            else if (++at == words.Count)
                throw new VerbException("Option override requires an argument");
            else
                text = words[at];
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new VerbException($"Invalid command line properties: {text}");
            properties[text[..equals].Trim()] = text[(equals + 1)..].Trim();
        }
    }
}
