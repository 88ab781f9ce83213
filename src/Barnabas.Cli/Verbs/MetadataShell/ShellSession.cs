namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Runs commands over the tree, and keeps the working folder and the history between them.</summary>
/// <param name="root">The tree.</param>
/// <param name="output">Where commands print, their errors too.</param>
/// <param name="isShell">False for the single command of a call.</param>
/// <param name="width">Columns of the terminal; null where there is none.</param>
internal sealed class ShellSession(ShellNode root, TextWriter output, bool isShell, int? width)
{
    private readonly List<string> _history = [];
    private string _folder = "/";

    /// <summary>True after <c>exit</c>.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Remembers a line, unless it is the one before again.</summary>
    public void Remember(string line)
    {
        if (_history.Count == 0 || _history[^1] != line)
            _history.Add(line);
    }

    /// <summary>Runs a command; what is wrong with it is printed.</summary>
    public void Run(IReadOnlyList<string> words)
    {
        words = [.. words.Reverse().SkipWhile(word => word.Length == 0).Reverse()];
        if (words.Count == 0)
            return;
        var known = ShellCommand.All.Where(command => isShell || !command.NeedsShell).ToList();
        if (known.Find(candidate => candidate.Name == words[0]) is not { } command)
            output.WriteLine($"invalid choice: '{words[0]}' (choose from {string.Join(", ", known.Select(candidate => $"'{candidate.Name}'"))})");
        else if (words.Count - 1 < command.Fewest)
            output.WriteLine("too few arguments");
        else if (words.Count - 1 > command.Most)
            output.WriteLine($"unrecognized arguments: '{string.Join(' ', words.Skip(1 + command.Most))}'");
        else
            Run(command.Name, [.. words.Skip(1)]);
    }

    private void Run(string command, List<string> arguments)
    {
        switch (command)
        {
            case "cat": Cat(arguments); break;
            case "cd": ChangeFolder(arguments.Count == 0 ? "/" : arguments[0]); break;
            case "exit": IsOver = true; break;
            case "find": FindAll(Paths(arguments)); break;
            case "help": Help(); break;
            case "history": History(arguments.Count == 0 ? null : arguments[0]); break;
            case "ls": List(Paths(arguments)); break;
            case "man": Man(arguments[0]); break;
            case "pwd": output.WriteLine(_folder); break;
            default: Tree(arguments); break;
        }
    }

    private static List<string> Paths(List<string> arguments)
    {
        var paths = arguments.Where(argument => argument.Length > 0).ToList();
        return paths.Count > 0 ? paths : ["."];
    }

    // Nothing found is told once; each node found is handled by itself.
    private void ForEach(string path, string notFound, Action<FoundNode> handle)
    {
        var found = ShellPath.Find(root, _folder, path);
        if (found.Count == 0)
            output.WriteLine(notFound);
        found.ForEach(handle);
    }

    private void Cat(List<string> targets)
    {
        foreach (var target in targets)
            ForEach(target, $"cat: {target}: No such file or directory.", found =>
            {
                if (found.Node.Names is not null)
                    output.WriteLine($"cat: {target}: Is a directory");
                else
                    found.Node.Print(output);
            });
    }

    private void Tree(List<string> targets)
    {
        foreach (var target in targets)
            ForEach(target, $"tree: {target}: No such file or directory.", found => found.Node.Print(output));
    }

    private void ChangeFolder(string target) => ForEach(target, $"cd: {target}: no such directory.", found =>
    {
        if (found.Node.Names is null)
            output.WriteLine($"cd: {target}: not a directory.");
        else
            _folder = found.AbsolutePath;
    });

    private void FindAll(List<string> paths)
    {
        foreach (var path in paths)
            ForEach(path, $"find: {path}: no such file or directory.", found => PrintBelow(path, found.Node));
    }

    private void PrintBelow(string path, ShellNode node)
    {
        output.WriteLine(path);
        foreach (var name in node.Names ?? [])
            PrintBelow(path == "/" ? path + name : $"{path}/{name}", node.Child(name)!);
    }

    private void List(List<string> paths)
    {
        var files = new List<string>();
        var folders = new List<FoundNode>();
        foreach (var path in paths)
            ForEach(path, $"ls: {path}: no such file or directory.", found =>
            {
                if (found.Node.Names is null)
                    files.Add(found.Name);
                else
                    folders.Add(found);
            });
        if (files.Count > 0)
            NameColumns.Print(output, files, width);
        var isFirst = files.Count == 0;
        foreach (var folder in folders)
        {
            var hasTitle = files.Count > 0 || folders.Count > 1;
            if (folder.Node.Names is { Count: > 0 } names)
            {
                if (hasTitle)
                    output.WriteLine($"{(isFirst ? "" : Environment.NewLine)}{folder.Name}:");
                NameColumns.Print(output, names, width);
            }

            isFirst = false;
        }
    }

    private void Help()
    {
        output.WriteLine("Welcome to the metadata shell.");
        output.WriteLine();
        output.WriteLine($"usage:  {{{string.Join(',', ShellCommand.All.Select(command => command.Name))}}} ...");
        output.WriteLine();
        output.WriteLine("positional arguments:");
        foreach (var command in ShellCommand.All)
            output.WriteLine($"    {command.Name,-20} {command.Summary}");
    }

    private void Man(string name)
    {
        if (ShellCommand.All.FirstOrDefault(command => command.Name == name) is not { } command)
        {
            output.WriteLine($"man: unknown command {name}. Type help to get a list of commands.");
            return;
        }

        output.WriteLine($"{name}: {command.Summary}");
        output.WriteLine();
        output.WriteLine(command.Usage);
    }

    private void History(string? wanted)
    {
        var count = _history.Count;
        if (wanted is not null && !int.TryParse(wanted, out count))
        {
            output.WriteLine($"argument numEntriesToShow: could not convert '{wanted}' to Integer ('{wanted}' is not a number)");
            return;
        }

        for (var at = Math.Max(0, _history.Count - Math.Max(0, count)); at < _history.Count; at++)
            output.WriteLine($"{at,5}  {_history[at]}");
    }
}
