namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>A command of the shell.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">A sentence on what it does.</param>
/// <param name="Argument">The name of what it takes; empty for nothing.</param>
/// <param name="Fewest">How many arguments it takes at least.</param>
/// <param name="Most">How many it takes at most.</param>
/// <param name="NeedsShell">True for commands that make sense inside the shell only.</param>
internal sealed record ShellCommand(string Name, string Summary, string Argument, int Fewest, int Most, bool NeedsShell)
{
    public static IReadOnlyList<ShellCommand> All { get; } =
    [
        new("cat", "Show what metadata files hold.", "targets", 1, int.MaxValue, false),
        new("cd", "Change the working folder.", "target", 0, 1, true),
        new("exit", "Leave the shell.", "", 0, 0, true),
        new("find", "List everything below the paths.", "paths", 0, int.MaxValue, false),
        new("help", "Show this text.", "", 0, 0, true),
        new("history", "Show the commands so far.", "numEntriesToShow", 0, 1, true),
        new("ls", "List folders.", "targets", 0, int.MaxValue, false),
        new("man", "Show how a command is used.", "cmd", 1, 1, true),
        new("pwd", "Show the working folder.", "", 0, 0, true),
        new("tree", "Show everything below the targets with its contents.", "targets", 1, int.MaxValue, false),
    ];

    /// <summary>The command's usage line.</summary>
    public string Usage => (Argument.Length, Fewest, Most) switch
    {
        (0, _, _) => $"usage: {Name}",
        (_, 0, 1) => $"usage: {Name} [{Argument}]",
        (_, 1, 1) => $"usage: {Name} {Argument}",
        (_, 0, _) => $"usage: {Name} [{Argument} [{Argument} ...]]",
        _ => $"usage: {Name} {Argument} [{Argument} ...]",
    };
}
