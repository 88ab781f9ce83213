namespace Barnabas.Configuration.Validation;

/// <summary>The notation of the tables' fourth cell.</summary>
internal static class ValidatorNotation
{
    /// <summary>
    /// <c>[1,...]</c>, <c>[1,...,9]</c>, <c>[1,...,9] or -1</c>: numbers. <c>one of a, b</c>, <c>any case of A, B</c>,
    /// <c>either a or b</c>, <c>non-null</c>, <c>non-empty</c>, <c>offset reset</c>, <c>offset reset or none</c>: text.
    /// <c>nullable</c>, <c>non-empty</c>, <c>of a, b</c>, <c>throttled replicas</c>, <c>controllers</c>, <c>voters</c>: lists.
    /// </summary>
    public static ConfigValidator? Parse(string text, ConfigType type)
    {
        if (type == ConfigType.List)
            return ParseList(text);
        if (text.Length == 0)
            return null;
        if (text.StartsWith('['))
            return ParseRange(text);
        if (text.StartsWith("one of ", StringComparison.Ordinal))
            return new OneOfValidator(Words(text["one of ".Length..]), ignoreCase: false);
        if (text.StartsWith("any case of ", StringComparison.Ordinal))
            return new OneOfValidator(Words(text["any case of ".Length..]), ignoreCase: true);
        if (text.StartsWith("either ", StringComparison.Ordinal))
        {
            var words = text["either ".Length..].Split(" or ");
            return new WordsValidator(words[0], words[1], $"The value must either be '{words[0]}' or '{words[1]}'.");
        }

        return text switch
        {
            "non-null" => new TextValidator(allowsNull: false, allowsEmpty: true),
            "non-empty" => new TextValidator(allowsNull: true, allowsEmpty: false),
            "offset reset" => new OffsetResetValidator(allowsNone: false),
            "offset reset or none" => new OffsetResetValidator(allowsNone: true),
            _ => throw new InvalidOperationException($"No such notation of valid values: {text}"),
        };
    }

    private static ConfigValidator? ParseList(string text)
    {
        switch (text)
        {
            case "throttled replicas":
                return new ThrottledReplicasValidator();
            case "controllers":
                return new QuorumAddressValidator(withId: false);
            case "voters":
                return new QuorumAddressValidator(withId: true);
        }

        var of = text.IndexOf("of ", StringComparison.Ordinal);
        var flags = of < 0 ? text : text[..of];
        return new ListValidator(
            flags.Contains("nullable", StringComparison.Ordinal),
            !flags.Contains("non-empty", StringComparison.Ordinal),
            of < 0 ? [] : Words(text[(of + 3)..]));
    }

    private static ConfigValidator ParseRange(string text)
    {
        if (text.EndsWith(" or -1", StringComparison.Ordinal))
            return new LevelValidator();
        var bounds = text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);
        return new RangeValidator(bounds[0], bounds.Length > 2 ? bounds[2] : null);
    }

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries);
}
