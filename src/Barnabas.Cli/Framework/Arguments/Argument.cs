namespace Barnabas.Cli.Framework.Arguments;

/// <summary>What an argument takes.</summary>
internal enum ArgumentKind
{
    Flag,
    Value,
    Repeated,
    Many,
    Words,
}

/// <summary>One argument of a tool that parses as argparse4j does.</summary>
internal sealed class Argument
{
    /// <summary>Its names with dashes.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required ArgumentKind Kind { get; init; }

    public required string Help { get; init; }

    public bool IsRequired { get; init; }

    public string? Default { get; init; }

    private string Placeholder => Names[0].TrimStart('-').ToUpperInvariant();

    /// <summary>The argument in an error line: <c>--config/-c</c>.</summary>
    public override string ToString() => string.Join('/', Names);

    public string Usage()
    {
        var text = Kind switch
        {
            ArgumentKind.Flag => Names[0],
            ArgumentKind.Words => $"[{Names[0]} ...]",
            ArgumentKind.Many => $"{Names[0]} {Placeholder} [{Placeholder} ...]",
            _ => $"{Names[0]} {Placeholder}",
        };
        return IsRequired || Kind == ArgumentKind.Words ? text : $"[{text}]";
    }

    public string Title() => Kind is ArgumentKind.Flag or ArgumentKind.Words
        ? string.Join(", ", Names)
        : string.Join(", ", Names.Select(name => $"{name} {Placeholder}"));
}

/// <summary>Arguments of which one only may be given.</summary>
internal sealed record ArgumentGroup(bool IsRequired, IReadOnlyList<Argument> Arguments);
