using System.Text;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Framework.Arguments;

/// <summary>
/// Parses arguments as argparse4j does, which some of Kafka's tools use: options with one or two dashes, sub-commands with options of
/// their own, options that take every word up to the next option, groups of which one only may be given.
/// </summary>
internal sealed class ArgumentParser
{
    private readonly string _program;
    private readonly string _description;
    private readonly List<Argument> _arguments = [];
    private readonly List<ArgumentParser> _commands = [];
    private readonly List<ArgumentGroup> _groups = [];

    public ArgumentParser(string program, string description)
    {
        _program = program;
        _description = description;
        Name = program;
    }

    /// <summary>The sub-command's name, or the program's.</summary>
    public string Name { get; private init; }

    /// <summary>Adds a sub-command.</summary>
    public ArgumentParser Command(string name, string summary)
    {
        var command = new ArgumentParser(_program, summary) { Name = name };
        _commands.Add(command);
        return command;
    }

    /// <summary>Adds an option with one value.</summary>
    public Argument Value(string names, string help, bool required = false, string? defaultValue = null) =>
        Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Value, Help = help, IsRequired = required, Default = defaultValue });

    /// <summary>Adds an option that may be given again and again, each time with one value.</summary>
    public Argument Repeated(string names, string help, bool required = false) =>
        Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Repeated, Help = help, IsRequired = required });

    /// <summary>Adds an option that takes every word up to the next option.</summary>
    public Argument Many(string names, string help, bool required = false) =>
        Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Many, Help = help, IsRequired = required });

    /// <summary>Adds an option without a value.</summary>
    public Argument Flag(string names, string help) => Add(new Argument { Names = names.Split('/'), Kind = ArgumentKind.Flag, Help = help });

    /// <summary>Lets the command be asked for JSON: see <see cref="ArgumentSet.AsksForJson"/>.</summary>
    public ArgumentParser WithJson()
    {
        Json = Flag("--json", "Print JSON, an object a row. Not an option of Apache Kafka.");
        return this;
    }

    /// <summary>The option of <see cref="WithJson"/>; null where there is none.</summary>
    internal Argument? Json { get; private set; }

    /// <summary>Adds words that follow the options.</summary>
    public Argument Words(string name, string help) => Add(new Argument { Names = [name], Kind = ArgumentKind.Words, Help = help });

    /// <summary>Says that of some options one only, and maybe one at least, is given.</summary>
    public void OneOf(bool required, params Argument[] arguments) => _groups.Add(new ArgumentGroup(required, arguments));

    /// <summary>Parses arguments.</summary>
    /// <exception cref="VerbException">They do not parse; the line is that of argparse4j.</exception>
    /// <exception cref="UsageException">Help was asked for.</exception>
    public ArgumentSet Parse(IReadOnlyList<string> arguments)
    {
        var result = new ArgumentSet();
        Parse(arguments, 0, result);
        return result;
    }

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
                throw new UsageException(Help(), 0, toStandardError: false);
            if (text.Length > 1 && text[0] == '-' && !IsNegativeNumber(text))
            {
                at = TakeOption(arguments, at, result);
                continue;
            }

            if (_commands.Count > 0)
            {
                var command = _commands.Find(candidate => candidate.Name == text)
                    ?? throw Error($"invalid choice: '{text}' (choose from {string.Join(", ", _commands.Select(candidate => $"'{candidate.Name}'"))})");
                result.Command = command;
                CheckRequired(result);
                command.Parse(arguments, at + 1, result);
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
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? text[..equals] : text;
        var inline = equals > 0 ? text[(equals + 1)..] : null;
        var argument = _arguments.Find(candidate => candidate.Names.Contains(name));
        if (argument is null && text.Length > 2 && text[1] != '-')
        {
            argument = _arguments.Find(candidate => candidate.Names.Contains(text[..2]));
            inline = text[2..];
        }

        if (argument is null)
            throw Error($"unrecognized arguments: '{text}'");
        foreach (var group in _groups)
            if (group.Arguments.Contains(argument) && group.Arguments.FirstOrDefault(other => other != argument && result.Has(other)) is { } other)
                throw Error($"argument {argument}: not allowed with argument {other}");
        switch (argument.Kind)
        {
            case ArgumentKind.Flag:
                result.Add(argument, null);
                return at;
            case ArgumentKind.Many:
                var first = at;
                if (inline is not null)
                    result.Add(argument, inline);
                while (at < arguments.Count && !(arguments[at].StartsWith('-') && arguments[at].Length > 1 && !IsNegativeNumber(arguments[at])))
                    result.Add(argument, arguments[at++]);
                if (at == first && inline is null)
                    throw Error($"argument {argument}: expected at least one argument");
                return at;
            default:
                if (inline is null && (at == arguments.Count || arguments[at].Length > 1 && arguments[at][0] == '-' && !IsNegativeNumber(arguments[at])))
                    throw Error($"argument {argument}: expected one argument");
                result.Set(argument, inline ?? arguments[at++]);
                return at;
        }
    }

    private void CheckRequired(ArgumentSet result)
    {
        foreach (var argument in _arguments)
            if (argument.IsRequired && !result.Has(argument))
                throw Error($"argument {argument} is required");
        foreach (var group in _groups)
            if (group.IsRequired && !group.Arguments.Any(result.Has))
                throw Error($"one of the arguments {string.Join(' ', group.Arguments.Select(argument => argument.ToString()))} is required");
    }

    private static bool IsNegativeNumber(string text) => text.Length > 1 && text[0] == '-' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private VerbException Error(string text) => new($"{_program}: error: {text}");

    private string Help()
    {
        var text = new StringBuilder();
        text.Append("usage: ").Append(_program);
        if (Name != _program)
            text.Append(' ').Append(Name);
        text.Append(" [-h]");
        foreach (var argument in _arguments)
            text.Append(' ').Append(argument.Usage());
        if (_commands.Count > 0)
            text.Append(" {").AppendJoin(',', _commands.Select(command => command.Name)).Append("} ...");
        text.AppendLine().AppendLine().AppendLine(_description);
        if (_commands.Count > 0)
        {
            text.AppendLine().AppendLine("positional arguments:");
            foreach (var command in _commands)
                Row(text, command.Name, command._description, 4);
        }

        text.AppendLine().AppendLine("optional arguments:");
        Row(text, "-h, --help", "show this help message and exit", 2);
        foreach (var argument in _arguments)
            Row(text, argument.Title(), argument.Default is null ? argument.Help : $"{argument.Help} (default: {argument.Default})", 2);
        return text.ToString();
    }

    private static void Row(StringBuilder text, string left, string right, int indent)
    {
        const int column = 25;
        var line = new string(' ', indent) + left;
        var rows = OptionHelp.Wrap(right, 75 - column).Select(row => row.Trim()).ToList();
        if (line.Length >= column - 1)
        {
            text.AppendLine(line);
            line = "";
        }

        foreach (var row in rows)
        {
            text.AppendLine((line.PadRight(column) + row).TrimEnd());
            line = "";
        }
    }
}
