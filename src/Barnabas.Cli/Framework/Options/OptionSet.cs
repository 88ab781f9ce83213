using System.Globalization;

namespace Barnabas.Cli.Framework.Options;

/// <summary>The options of one call.</summary>
internal sealed class OptionSet
{
    private readonly Dictionary<OptionSpec, List<string>> _values = [];

    /// <summary>The arguments that belong to no option.</summary>
    public List<string> Words { get; } = [];

    /// <summary>True where the option was given.</summary>
    public bool Has(OptionSpec option) => _values.ContainsKey(option);

    /// <summary>True where the option was given with a value.</summary>
    public bool HasArgument(OptionSpec option) => _values.TryGetValue(option, out var values) && values.Count > 0;

    /// <summary>The value, or the default where the option was not given.</summary>
    /// <exception cref="OptionException">It was given more than once.</exception>
    public string? ValueOf(OptionSpec option)
    {
        if (!_values.TryGetValue(option, out var values) || values.Count == 0)
            return option.Default;
        if (values.Count > 1)
            throw new OptionException($"Found multiple arguments for option {OptionException.NameOf(option)}, but you asked for only one");
        return values[0];
    }

    /// <summary>Every value, or the default where the option was not given.</summary>
    public IReadOnlyList<string> ValuesOf(OptionSpec option) =>
        _values.TryGetValue(option, out var values) && values.Count > 0 ? values : option.Default is { } text ? [text] : [];

    /// <summary>The value as an int.</summary>
    /// <exception cref="OptionException">It is none.</exception>
    public int IntOf(OptionSpec option) =>
        int.TryParse(Required(option), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Unparsed(option);

    /// <summary>The value as a long.</summary>
    /// <exception cref="OptionException">It is none.</exception>
    public long LongOf(OptionSpec option) =>
        long.TryParse(Required(option), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Unparsed(option);

    /// <summary>The value of an option that has a default or was checked to be there.</summary>
    public string Required(OptionSpec option) =>
        ValueOf(option) ?? throw new OptionException($"Missing required argument \"{option}\"");

    public void Add(OptionSpec option, string? value)
    {
        if (!_values.TryGetValue(option, out var values))
            _values[option] = values = [];
        if (value is not null)
            values.Add(value);
    }

    /// <summary>Fails where one of the options is missing, with Kafka's text.</summary>
    /// <exception cref="OptionException">One is missing.</exception>
    public void Require(params ReadOnlySpan<OptionSpec> options)
    {
        foreach (var option in options)
            if (!Has(option))
                throw new OptionException($"Missing required argument \"{option}\"");
    }

    /// <summary>Fails where an option is given together with one that it cannot go with, with Kafka's text.</summary>
    /// <exception cref="OptionException">They are.</exception>
    public void Forbid(OptionSpec used, params ReadOnlySpan<OptionSpec> others)
    {
        if (!Has(used))
            return;
        foreach (var other in others)
            if (other != used && Has(other))
                throw new OptionException($"Option \"{used}\" can't be used with option \"{other}\"");
    }

    private OptionException Unparsed(OptionSpec option) =>
        new($"Cannot parse argument '{ValueOf(option)}' of option {OptionException.NameOf(option)}");
}
