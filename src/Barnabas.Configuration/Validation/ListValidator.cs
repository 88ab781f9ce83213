namespace Barnabas.Configuration.Validation;

/// <summary>Lists of distinct, non-empty elements (KIP-1161); some may be null, some not empty, some hold certain words only.</summary>
internal sealed class ListValidator(bool allowsNull, bool allowsEmpty, IReadOnlyList<string> words) : ConfigValidator
{
    public static IReadOnlyList<string> WithoutDuplicates(IReadOnlyList<string> list) =>
        list.Distinct(StringComparer.Ordinal).Count() == list.Count ? list : list.Distinct(StringComparer.Ordinal).ToList();

    public override void EnsureValid(string name, object? value)
    {
        if (value is null)
        {
            if (!allowsNull)
                throw new ConfigException($"Configuration '{name}' values must not be null.");
            return;
        }

        var list = (IReadOnlyList<string>)value;
        if (list.Count == 0 && !allowsEmpty)
            throw new ConfigException($"Configuration '{name}' must not be empty. Valid values include: "
                + (words.Count == 0 ? "any non-empty value" : "[" + string.Join(", ", words) + "]"));
        if (list.Distinct(StringComparer.Ordinal).Count() != list.Count)
            throw new ConfigException($"Configuration '{name}' values must not be duplicated.");
        foreach (var element in list)
        {
            if (words.Count > 0 && !words.Contains(element, StringComparer.Ordinal))
                throw new ConfigException(name, element, "String must be one of: " + string.Join(", ", words));
            if (element.Length == 0)
                throw new ConfigException($"Configuration '{name}' values must not be empty.");
        }
    }

    public override string Describe() => words.Count == 0 ? "" : "[" + string.Join(", ", words) + "]";
}
