using System.Globalization;

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

    /// <summary>The value of an argument of <see cref="ArgumentType.Integer"/> or <see cref="ArgumentType.Short"/>.</summary>
    public int IntOf(Argument argument) => int.Parse(Required(argument), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The value of an argument of a whole number's type.</summary>
    public long LongOf(Argument argument) => long.Parse(Required(argument), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The value of an argument of <see cref="ArgumentType.Double"/>.</summary>
    public double DoubleOf(Argument argument) => double.Parse(Required(argument), NumberStyles.Float, CultureInfo.InvariantCulture);

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
