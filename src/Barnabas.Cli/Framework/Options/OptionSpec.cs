namespace Barnabas.Cli.Framework.Options;

/// <summary>Whether an option takes a value.</summary>
internal enum OptionArgument
{
    None,
    Required,
    Optional,
}

/// <summary>One option of a tool.</summary>
internal sealed class OptionSpec
{
    /// <summary>Its names without dashes; the first is the one shown.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required OptionArgument Argument { get; init; }

    /// <summary>What the value is, as help shows it: <c>String: topic</c>.</summary>
    public string ArgumentDescription { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>The value where the option is not given.</summary>
    public string? Default { get; init; }

    /// <summary>True for options whose absence is an error of the parser itself.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True for options that ask for help or the version: with one of them nothing is required.</summary>
    public bool IsForHelp { get; init; }

    /// <summary>The option inside Kafka's messages: <c>[bootstrap-server]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", Names) + "]";
}
