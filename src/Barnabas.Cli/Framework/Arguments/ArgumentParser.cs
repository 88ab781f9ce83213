namespace Barnabas.Cli.Framework.Arguments;

/// <summary>
/// Parses arguments as argparse4j does, which some of Kafka's tools use: options with one or two dashes, sub-commands with options of
/// their own, options that take every word up to the next option, groups of which one only may be given.
/// </summary>
internal sealed class ArgumentParser
{
    private readonly List<Argument> _arguments = [];
    private readonly List<ArgumentParser> _commands = [];
    private readonly List<ArgumentGroup> _groups = [];

    public ArgumentParser(string program, string description)
    {
        Program = program;
        Description = description;
        Name = program;
    }

    /// <summary>The program, as its usage names it.</summary>
    public string Program { get; }

    /// <summary>What help says first; empty for nothing.</summary>
    public string Description { get; }

    /// <summary>The sub-command's name, or the program's.</summary>
    public string Name { get; private init; }

    /// <summary>What the help of the whole program says of this sub-command.</summary>
    public string Summary { get; private init; } = "";

    /// <summary>The program's parser where this is a sub-command's.</summary>
    public ArgumentParser? Parent { get; private init; }

    /// <summary>The exit status of a call that asks for help. Those of Kafka's tools that leave it to argparse4j end with 1.</summary>
    public int HelpStatus { get; init; } = 1;

    /// <summary>Whether help tells the defaults.</summary>
    public bool ShowsDefaults { get; init; } = true;

    /// <summary>The title over the sub-commands; null to list them as an argument.</summary>
    public string? CommandsTitle { get; init; }

    /// <summary>What stands for a sub-command in usage; null to list them.</summary>
    public string? CommandsMetavar { get; init; }

    public IReadOnlyList<Argument> Arguments => _arguments;

    public IReadOnlyList<ArgumentParser> Commands => _commands;

    public IReadOnlyList<ArgumentGroup> Groups => _groups;

    public List<ArgumentSection> Sections { get; } = [];

    /// <summary>Adds a sub-command.</summary>
    public ArgumentParser Command(string name, string summary, string description = "")
    {
        var command = new ArgumentParser(Program, description)
        {
            Name = name,
            Summary = summary,
            Parent = this,
            HelpStatus = HelpStatus,
            ShowsDefaults = ShowsDefaults,
        };
        _commands.Add(command);
        return command;
    }

    /// <summary>Adds an option with one value.</summary>
    public Argument Value(
        string names, string help, bool required = false, string? defaultValue = null, ArgumentType type = ArgumentType.Text, string? metavar = null) => Add(new Argument
        {
            Names = names.Split('/'),
            Kind = ArgumentKind.Value,
            Help = help,
            IsRequired = required,
            Default = defaultValue,
            Type = type,
            Metavar = metavar,
        });

    /// <summary>Adds an option that may be given again and again, each time with one value.</summary>
    public Argument Repeated(string names, string help, bool required = false) =>
        Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Repeated, Help = help, IsRequired = required });

    /// <summary>Adds an option that takes every word up to the next option.</summary>
    public Argument Many(string names, string help, bool required = false, string? metavar = null) =>
        Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Many, Help = help, IsRequired = required, Metavar = metavar });

    /// <summary>Adds an option without a value.</summary>
    public Argument Flag(string names, string help) => Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Flag, Help = help });

    /// <summary>Adds the option that prints the version, and nothing else happens.</summary>
    public void Version(string names, string help) => Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Version, Help = help });

    /// <summary>Lets the command be asked for JSON: see <see cref="ArgumentSet.AsksForJson"/>.</summary>
    public ArgumentParser WithJson()
    {
        Json = Add(new Argument
        {
            Names = ["--json"],
            Kind = ArgumentKind.Flag,
            Help = "Print JSON, an object a row. Not an option of Apache Kafka.",
            IsAddition = true,
        });
        return this;
    }

    /// <summary>The option of <see cref="WithJson"/>; null where there is none.</summary>
    internal Argument? Json { get; private set; }

    /// <summary>Adds words that follow the options.</summary>
    public Argument Words(string name, string help) => Add(new Argument { Names = [name], Kind = ArgumentKind.Words, Help = help });

    /// <summary>Says that of some options one only, and maybe one at least, is given.</summary>
    public void OneOf(bool required, params Argument[] arguments) => _groups.Add(new ArgumentGroup(required, arguments));

    /// <summary>Parses arguments.</summary>
    /// <exception cref="ArgumentError">They do not parse; the page is that of argparse4j.</exception>
    /// <exception cref="UsageException">Help or the version was asked for.</exception>
    public ArgumentSet Parse(IReadOnlyList<string> arguments)
    {
        var result = new ArgumentSet();
        Parse(arguments, 0, result);
        return result;
    }

    /// <summary>Parses arguments; where there are none, shows help and ends well.</summary>
    /// <exception cref="ArgumentError">They do not parse.</exception>
    /// <exception cref="UsageException">There are none, or help was asked for.</exception>
    public ArgumentSet ParseOrHelp(IReadOnlyList<string> arguments) =>
        arguments.Count > 0 ? Parse(arguments) : throw new UsageException(ArgumentPage.Help(this), 0, toStandardError: false);

    /// <summary>An error of these arguments.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="suggestions">What may have been meant, see <see cref="Suggestions.Page"/>.</param>
    public ArgumentError Error(string reason, string suggestions = "") =>
        new(reason, ArgumentPage.Usage(this) + JustifiedText.Wrap($"{Program}: error: {reason}\n") + suggestions);

    private Argument Add(Argument argument)
    {
        _arguments.Add(argument);
        return argument;
    }

    private void Parse(IReadOnlyList<string> arguments, int at, ArgumentSet result)
    {
        var words = _arguments.Find(argument => argument.Kind == ArgumentKind.Words);
        while (at < arguments.Count)
        {
            var text = arguments[at];
            if (text is "-h" or "--help")
                throw new UsageException(ArgumentPage.Help(this), HelpStatus, toStandardError: false);
            if (IsOption(text))
            {
                at = TakeOption(arguments, at, result);
                continue;
            }

            if (_commands.Count > 0)
            {
                var command = FindCommand(text);
                result.Command = command;
                command.Parse(arguments, at + 1, result);
                CheckRequired(result);
                return;
            }

            if (words is null)
                throw Error($"unrecognized arguments: '{text}'");
            result.Add(words, text);
            at++;
        }

        if (_commands.Count > 0)
            throw Error("too few arguments");
        CheckRequired(result);
    }

    private int TakeOption(IReadOnlyList<string> arguments, int at, ArgumentSet result)
    {
        var text = arguments[at++];
        var (argument, inline) = Find(text);
        foreach (var group in _groups)
            if (group.Arguments.Contains(argument) && group.Arguments.FirstOrDefault(other => other != argument && result.Has(other)) is { } other)
                throw Error($"argument {argument}: not allowed with argument {other}");
        switch (argument.Kind)
        {
            case ArgumentKind.Version:
                throw new UsageException(Versions.Text + "\n", 0, toStandardError: false);
            case ArgumentKind.Flag:
                result.Add(argument, null);
                return at;
            case ArgumentKind.Many:
                var first = at;
                if (inline is not null)
                    result.Add(argument, inline);
                while (at < arguments.Count && !IsOption(arguments[at]))
                    result.Add(argument, arguments[at++]);
                if (at == first && inline is null)
                    throw Error($"argument {argument}: expected at least one argument");
                return at;
            default:
                if (inline is null && (at == arguments.Count || IsOption(arguments[at])))
                    throw Error($"argument {argument}: expected one argument");
                var value = inline ?? arguments[at++];
                if (argument.Type.Refuse(value) is { } reason)
                    throw Error($"argument {argument}: {reason}");
                result.Set(argument, value);
                return at;
        }
    }

    private (Argument Argument, string? Inline) Find(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? text[..equals] : text;
        var inline = equals > 0 ? text[(equals + 1)..] : null;
        if (_arguments.Find(candidate => candidate.Names.Contains(name)) is { } exact)
            return (exact, inline);
        if (text.Length > 2 && text[1] != '-' && _arguments.Find(candidate => candidate.Names.Contains(text[..2])) is { } joined)
            return (joined, text[2..]);
        var begun = name.Length > 2
            ? _arguments.FindAll(candidate => candidate.Kind != ArgumentKind.Words && candidate.Names.Any(full => full.StartsWith(name, StringComparison.Ordinal)))
            : [];
        if (begun.Count > 1)
            throw Error($"ambiguous option: {text} could match {string.Join(", ", begun.Select(candidate => candidate.Names.First(full => full.StartsWith(name, StringComparison.Ordinal))).Order(StringComparer.Ordinal))}");
        if (begun.Count == 1)
            return (begun[0], inline);
        var known = _arguments.Where(candidate => candidate.Kind != ArgumentKind.Words).SelectMany(candidate => candidate.Names).Prepend("--help");
        throw Error($"unrecognized arguments: '{text}'", name.Length > 3 ? Suggestions.Page(name, known.Where(full => full.Length > 2)) : "");
    }

    private ArgumentParser FindCommand(string text)
    {
        var begun = _commands.FindAll(candidate => candidate.Name.StartsWith(text, StringComparison.Ordinal));
        if (begun.Find(candidate => candidate.Name == text) is { } exact)
            return exact;
        return begun.Count switch
        {
            0 => throw UnknownCommand(text),
            1 => begun[0],
            _ => throw Error($"ambiguous command: {text} could match {string.Join(", ", begun.Select(candidate => candidate.Name))}"),
        };
    }

    private ArgumentError UnknownCommand(string text) => Error(
        $"invalid choice: '{text}' (choose from {string.Join(", ", _commands.Select(candidate => $"'{candidate.Name}'"))})",
        Suggestions.Page(text, _commands.Select(candidate => candidate.Name)));

    private void CheckRequired(ArgumentSet result)
    {
        foreach (var argument in _arguments)
            if (argument.IsRequired && !result.Has(argument))
                throw Error($"argument {argument} is required");
        foreach (var group in _groups)
            if (group.IsRequired && !group.Arguments.Any(result.Has))
                throw Error($"one of the arguments {string.Join(' ', group.Arguments.Select(argument => argument.ToString()))} is required");
    }

    private static bool IsOption(string text) => text.Length > 1 && text[0] == '-' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') >= 0;
}
