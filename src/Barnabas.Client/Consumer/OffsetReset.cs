using System.Xml;
using Barnabas.Configuration;

namespace Barnabas.Client.Consumer;

/// <summary><c>auto.offset.reset</c>: where to start when there is no committed offset, or it is gone.</summary>
public sealed record OffsetReset
{
    private OffsetReset(string name, TimeSpan? duration)
    {
        Name = name;
        Duration = duration;
    }

    /// <summary>At the first record.</summary>
    public static OffsetReset Earliest { get; } = new("earliest", null);

    /// <summary>After the last record.</summary>
    public static OffsetReset Latest { get; } = new("latest", null);

    /// <summary>Nowhere: the caller is told by an exception.</summary>
    public static OffsetReset None { get; } = new("none", null);

    /// <summary>Kafka's name.</summary>
    public string Name { get; }

    /// <summary>How far back from now, for <see cref="By(TimeSpan)"/>.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>At the first record that is not older than a duration (KIP-1106).</summary>
    public static OffsetReset By(TimeSpan duration) => new($"by_duration:{XmlConvert.ToString(duration)}", duration);

    /// <summary>Reads Kafka's text.</summary>
    /// <exception cref="ConfigException">It is none of Kafka's.</exception>
    public static OffsetReset Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string byDuration = "by_duration:";
        switch (text.ToLowerInvariant())
        {
            case "earliest": return Earliest;
            case "latest": return Latest;
            case "none": return None;
        }

        try
        {
            if (text.StartsWith(byDuration, StringComparison.OrdinalIgnoreCase) && XmlConvert.ToTimeSpan(text[byDuration.Length..]) is { Ticks: >= 0 } duration) return By(duration);
        }
        catch (FormatException)
        {
            // Told below, as any other text.
        }

        throw new ConfigException("auto.offset.reset", text, "String must be one of: latest, earliest, none, by_duration:PnDTnHnMn.nS");
    }

    /// <summary>What ListOffsets is asked.</summary>
    internal long Timestamp(DateTimeOffset now) => Duration is { } duration ? (now - duration).ToUnixTimeMilliseconds() : Name == "earliest" ? -2 : -1;
}
