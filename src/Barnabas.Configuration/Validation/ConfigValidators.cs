namespace Barnabas.Configuration.Validation;

/// <summary>The validators that definitions outside the tables choose from.</summary>
public static class ConfigValidators
{
    /// <summary>One of a few words.</summary>
    public static ConfigValidator OneOf(params IReadOnlyList<string> words) => new OneOfValidator(words, ignoreCase: false);

    /// <summary>One of a few words, in any case.</summary>
    public static ConfigValidator OneOfIgnoringCase(params IReadOnlyList<string> words) => new OneOfValidator(words, ignoreCase: true);

    /// <summary>A number from <paramref name="minimum"/> up.</summary>
    public static ConfigValidator AtLeast(string minimum) => new RangeValidator(minimum, null);

    /// <summary>A number in a range, both ends in it.</summary>
    public static ConfigValidator Between(string minimum, string maximum) => new RangeValidator(minimum, maximum);

    /// <summary>Text that is given and not empty.</summary>
    public static ConfigValidator NonEmptyText { get; } = new TextValidator(allowsNull: false, allowsEmpty: false);
}
