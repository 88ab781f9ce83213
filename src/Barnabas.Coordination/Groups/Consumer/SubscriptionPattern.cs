using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// A subscription by pattern. Kafka takes RE2's syntax, which matches in linear time; the framework's engine without
/// backtracking keeps the same promise, and refuses what RE2 refuses.
/// </summary>
internal static class SubscriptionPattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <exception cref="KafkaException">INVALID_REGULAR_EXPRESSION.</exception>
    public static void Validate(string pattern) => Compile(pattern);

    /// <summary>The topics whose whole name matches.</summary>
    /// <exception cref="KafkaException">INVALID_REGULAR_EXPRESSION.</exception>
    public static ImmutableSortedSet<string> Match(string pattern, IGroupTopics topics)
    {
        var regex = Compile(pattern);
        return topics.Names.Where(name => regex.IsMatch(name)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{pattern})\z", Options);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new KafkaException(ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{pattern}` is not a valid regular expression: {e.Message}.");
        }
    }
}
