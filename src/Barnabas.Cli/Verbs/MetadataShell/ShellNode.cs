namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>A folder or a file in the tree that the shell shows.</summary>
internal abstract class ShellNode
{
    /// <summary>The names in a folder, in order; null for a file.</summary>
    public abstract IReadOnlyList<string>? Names { get; }

    /// <summary>What a name in the folder stands for, or null.</summary>
    public abstract ShellNode? Child(string name);

    /// <summary>The file's line; null for a folder.</summary>
    public abstract string? Text { get; }

    /// <summary>Prints the file, or all that is in the folder, indented by two.</summary>
    public void Print(TextWriter output, int depth = 0)
    {
        var indent = new string(' ', 2 * depth);
        if (Names is not { } names)
        {
            output.WriteLine(indent + Text);
            return;
        }

        foreach (var name in names)
        {
            output.WriteLine($"{indent}{name}:");
            Child(name)!.Print(output, depth + 1);
        }
    }
}

/// <summary>A file of one line.</summary>
internal sealed class ShellFile(string text) : ShellNode
{
    public override IReadOnlyList<string>? Names => null;

    public override string Text => text;

    public override ShellNode? Child(string name) => null;
}

/// <summary>A folder whose content is made when it is looked at.</summary>
internal sealed class ShellFolder : ShellNode
{
    private readonly Func<string, ShellNode?> _child;

    /// <param name="names">The names, in any order.</param>
    /// <param name="child">Gives what a name stands for; null for names that are not there.</param>
    public ShellFolder(IEnumerable<string> names, Func<string, ShellNode?> child)
    {
        Names = [.. names.Order(StringComparer.Ordinal)];
        _child = child;
    }

    public override IReadOnlyList<string> Names { get; }

    public override string? Text => null;

    /// <summary>A folder of named things.</summary>
    public static ShellFolder Of(params IReadOnlyList<(string Name, Func<ShellNode> Node)> children) =>
        new(children.Select(child => child.Name), name => children.FirstOrDefault(child => child.Name == name).Node?.Invoke());

    /// <summary>A folder of files.</summary>
    public static ShellFolder OfTexts(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var all = texts.ToDictionary(StringComparer.Ordinal);
        return new ShellFolder(all.Keys, name => all.TryGetValue(name, out var text) ? new ShellFile(text) : null);
    }

    public override ShellNode? Child(string name) => _child(name);
}
