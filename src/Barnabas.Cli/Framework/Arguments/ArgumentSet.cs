namespace Barnabas.Cli.Framework.Arguments;

/// <summary>The arguments of one call.</summary>
internal sealed class ArgumentSet
{
    private readonly Dictionary<Argument, List<string>> _values = [];

    /// <summary>The sub-command, null where the tool has none.</summary>
    public ArgumentParser? Command { get; set; }

    public bool Has(Argument argument) => _values.ContainsKey(argument);

    /// <summary>True where the command was asked for JSON.</summary>
    public bool AsksForJson => Command?.Json is { } json && Has(json);

    /// <summary>The value, or the default.</summary>
    public string? ValueOf(Argument argument) => _values.TryGetValue(argument, out var values) && values.Count > 0 ? values[^1] : argument.Default;

    /// <summary>The value of an argument that is required or has a default.</summary>
    public string Required(Argument argument) =>
        ValueOf(argument) ?? throw new VerbException($"argument {argument} is required");

    public IReadOnlyList<string> ValuesOf(Argument argument) => _values.GetValueOrDefault(argument) ?? [];

    /// <summary>The value as an int.</summary>
    /// <exception cref="VerbException">It is none.</exception>
    public int IntOf(Argument argument) => int.TryParse(Required(argument), out var value) ? value
        : throw new VerbException($"argument {argument}: could not convert '{ValueOf(argument)}' to Integer ('{ValueOf(argument)}' is not a number)");

    /// <summary>The value as a long.</summary>
    /// <exception cref="VerbException">It is none.</exception>
    public long LongOf(Argument argument) => long.TryParse(Required(argument), out var value) ? value
        : throw new VerbException($"argument {argument}: could not convert '{ValueOf(argument)}' to Long ('{ValueOf(argument)}' is not a number)");

    public void Add(Argument argument, string? value)
    {
        if (!_values.TryGetValue(argument, out var values))
            _values[argument] = values = [];
        if (value is not null)
            values.Add(value);
    }

    public void Set(Argument argument, string value)
    {
        if (argument.Kind == ArgumentKind.Value)
            _values.Remove(argument);
        Add(argument, value);
    }
}
