namespace Barnabas.Cli.Framework.Arguments;

/// <summary>What an argument takes.</summary>
internal enum ArgumentKind
{
    Flag,
    Version,
    Value,
    Repeated,
    Many,
    Words,
}

/// <summary>One argument of a tool that parses as argparse4j does.</summary>
internal sealed class Argument
{
    private readonly string? _metavar;

    /// <summary>Its names with dashes.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required ArgumentKind Kind { get; init; }

    public required string Help { get; init; }

    public ArgumentType Type { get; init; }

    /// <summary>True for what Apache Kafka's tool does not have: left out of usage lines, which scripts compare, and told in help.</summary>
    public bool IsAddition { get; init; }

    public bool IsRequired { get; init; }

    public string? Default { get; init; }

    /// <summary>What stands for the value in help; from the name where it is not said.</summary>
    public string? Metavar
    {
        get => _metavar ?? Names[0].TrimStart('-').Replace('-', '_').ToUpperInvariant();
        init => _metavar = value;
    }

    /// <summary>True where the argument has no value of its own.</summary>
    public bool IsSwitch => Kind is ArgumentKind.Flag or ArgumentKind.Version;

    /// <summary>The argument in an error line: <c>--config/-c</c>.</summary>
    public override string ToString() => string.Join('/', Names);

    /// <summary>The argument in a usage line, in brackets where it may be left out.</summary>
    public string Usage() => IsRequired || Kind == ArgumentKind.Words ? BareUsage() : $"[{BareUsage()}]";

    /// <summary>The argument in a usage line without brackets.</summary>
    public string BareUsage() => Kind switch
    {
        ArgumentKind.Flag or ArgumentKind.Version => Names[0],
        ArgumentKind.Words => $"[{Names[0]} [{Names[0]} ...]]",
        ArgumentKind.Many => $"{Names[0]} {Metavar} [{Metavar} ...]",
        _ => $"{Names[0]} {Metavar}",
    };

    /// <summary>The argument at the left of its help.</summary>
    public string Title() => IsSwitch || Kind == ArgumentKind.Words
        ? string.Join(", ", Names)
        : string.Join(", ", Names.Select(name => BareUsage().Replace(Names[0], name, StringComparison.Ordinal)));
}

/// <summary>Arguments of which one only may be given.</summary>
internal sealed record ArgumentGroup(bool IsRequired, IReadOnlyList<Argument> Arguments);

/// <summary>Arguments that help shows under a title of their own.</summary>
internal sealed record ArgumentSection(string Title, string Description, IReadOnlyList<Argument> Arguments);
