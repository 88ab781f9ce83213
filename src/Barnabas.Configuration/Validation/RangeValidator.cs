using System.Globalization;

namespace Barnabas.Configuration.Validation;

/// <summary>Numbers from a minimum, up to a maximum where there is one. The bounds keep the text they were written in, for messages.</summary>
internal sealed class RangeValidator(string minimum, string? maximum) : ConfigValidator
{
    private readonly double _minimum = double.Parse(minimum, CultureInfo.InvariantCulture);
    private readonly double? _maximum = maximum is null ? null : double.Parse(maximum, CultureInfo.InvariantCulture);

    public override void EnsureValid(string name, object? value)
    {
        if (value is null)
            throw new ConfigException(name, null, "Value must be non-null");
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number < _minimum)
            throw new ConfigException(name, value, "Value must be at least " + minimum);
        if (number > _maximum)
            throw new ConfigException(name, value, "Value must be no more than " + maximum);
    }

    public override string Describe() => maximum is null ? $"[{minimum},...]" : $"[{minimum},...,{maximum}]";
}
