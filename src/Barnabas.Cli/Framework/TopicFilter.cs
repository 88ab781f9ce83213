using System.Text.RegularExpressions;

namespace Barnabas.Cli.Framework;

/// <summary>Which topics a tool works on: a regular expression in which commas stand for alternatives, as in Kafka's tools.</summary>
internal sealed class TopicFilter
{
    private readonly Regex _pattern;

    /// <exception cref="VerbException">The text is no regular expression.</exception>
    public TopicFilter(string text)
    {
        var pattern = text.Trim().Replace(',', '|').Replace(" ", "", StringComparison.Ordinal).Trim('"', '\'');
        try
        {
            _pattern = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException)
        {
            throw new VerbException($"{pattern} is an invalid regex.");
        }
    }

    /// <summary>True for names of topics that Kafka itself writes.</summary>
    public static bool IsInternal(string topic) => topic is "__consumer_offsets" or "__transaction_state" or "__share_group_state";

    public bool Allows(string topic, bool excludeInternal) => _pattern.IsMatch(topic) && !(excludeInternal && IsInternal(topic));
}
