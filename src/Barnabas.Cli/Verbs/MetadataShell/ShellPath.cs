using System.Text;
using System.Text.RegularExpressions;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>A node that a path led to.</summary>
internal readonly record struct FoundNode(IReadOnlyList<string> Path, ShellNode Node)
{
    public string Name => Path.Count == 0 ? "/" : Path[^1];

    public string AbsolutePath => "/" + string.Join('/', Path);
}

/// <summary>Paths with wildcards: <c>*</c>, <c>?</c> and <c>{one,other}</c>; <c>.</c> and <c>..</c> mean what they always do.</summary>
internal static class ShellPath
{
    /// <summary>What a path leads to, in order.</summary>
    public static List<FoundNode> Find(ShellNode root, string workingFolder, string path)
    {
        var found = new List<FoundNode>();
        Walk(root, Normalize(path.StartsWith('/') ? path : $"{workingFolder}/{path}"), [], found);
        return found;
    }

    private static List<string> Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part != ".")
                parts.Add(part);
        }

        return parts;
    }

    private static void Walk(ShellNode node, List<string> parts, List<string> path, List<FoundNode> found)
    {
        if (path.Count == parts.Count)
        {
            found.Add(new FoundNode(path, node));
            return;
        }

        if (node.Names is not { } names)
            return;
        var part = parts[path.Count];
        if (Pattern(part) is not { } pattern)
        {
            if (node.Child(part) is { } child)
                Walk(child, parts, [.. path, part], found);
            return;
        }

        foreach (var name in names)
            if (pattern.IsMatch(name))
                Walk(node.Child(name)!, parts, [.. path, name], found);
    }

    // Null where the part is a plain name, or no proper pattern.
    private static Regex? Pattern(string part)
    {
        var text = new StringBuilder("^");
        var isPattern = false;
        var isInGroup = false;
        for (var at = 0; at < part.Length; at++)
        {
            var piece = part[at] switch
            {
                '?' => ".",
                '*' => ".*",
                '{' when !isInGroup => "(?:(?:",
                ',' when isInGroup => ")|(?:",
                '}' when isInGroup => "))",
                '{' => null,
                '\\' when at + 1 < part.Length => Regex.Escape(part[++at].ToString()),
                var letter => Regex.Escape(letter.ToString()),
            };
            if (piece is null)
                return null;
            isInGroup = part[at] switch { '{' when piece == "(?:(?:" => true, '}' when piece == "))" => false, _ => isInGroup };
            isPattern |= piece is "." or ".*" or "(?:(?:";
            text.Append(piece);
        }

        return isPattern && !isInGroup ? new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)) : null;
    }
}
