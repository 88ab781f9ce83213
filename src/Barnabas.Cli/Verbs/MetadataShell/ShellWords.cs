using System.Text;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Cuts a line into words, with quotes and backslashes as in a shell.</summary>
internal static class ShellWords
{
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isOpen = false;
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (letter == '\\' && at + 1 < line.Length && line[at + 1] is '\\' or '"' or '\'' or ' ')
            {
                word.Append(line[++at]);
                isOpen = true;
            }
            else if (quote != '\0' && letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is '"' or '\'')
                (quote, isOpen) = (letter, true);
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isOpen)
                    words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
            else
            {
                word.Append(letter);
                isOpen = true;
            }
        }

        if (isOpen)
            words.Add(word.ToString());
        return words;
    }
}
