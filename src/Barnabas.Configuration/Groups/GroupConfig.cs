using System.Globalization;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Configuration.Groups;

/// <summary>The configuration of a group: what it may be, and where a group that sets nothing gets it from.</summary>
public static class GroupConfig
{
    private const string SessionTimeout = "session.timeout.ms";
    private const string HeartbeatInterval = "heartbeat.interval.ms";

    private static readonly string[] Protocols = ["consumer", "share", "streams"];

    // In the order in which Kafka checks them: the first that does not fit is named.
    private static readonly string[] Bounded =
    [
        "consumer.heartbeat.interval.ms", "consumer.session.timeout.ms", "consumer.assignment.interval.ms",
        "share.heartbeat.interval.ms", "share.session.timeout.ms", "share.record.lock.duration.ms",
        "share.delivery.count.limit", "share.partition.max.record.locks", "share.assignment.interval.ms",
        "streams.heartbeat.interval.ms", "streams.session.timeout.ms", "streams.num.standby.replicas", "streams.assignment.interval.ms",
    ];

    /// <summary>The broker's key that gives groups their value of a key, or null where there is none.</summary>
    public static string? BrokerSynonym(string name)
    {
        var synonym = $"group.{name}";
        return ConfigDefinitions.Broker.Contains(synonym) ? synonym : null;
    }

    /// <summary>Checks the values a group would have: each by itself, then within the broker's bounds and against each other.</summary>
    /// <param name="broker">Has the bounds, and the values the group does not set.</param>
    /// <param name="configs">All that the group sets; names are known.</param>
    /// <exception cref="ConfigException">A value is not valid.</exception>
    public static void Validate(BrokerConfig broker, IReadOnlyDictionary<string, string> configs)
    {
        foreach (var (name, value) in configs)
            ConfigDefinitions.Group.Validate(name, value);
        foreach (var name in Bounded)
            EnsureWithinBounds(broker, name, Effective(broker, configs, name));
        foreach (var protocol in Protocols)
        {
            var (session, heartbeat) = ($"{protocol}.{SessionTimeout}", $"{protocol}.{HeartbeatInterval}");
            if (Effective(broker, configs, session) <= Effective(broker, configs, heartbeat))
                throw new ConfigException($"{session} must be greater than {heartbeat}");
        }
    }

    private static void EnsureWithinBounds(BrokerConfig broker, string name, int value)
    {
        if (Bound(name, "min") is { } lowest && value < broker.GetInt(lowest))
            throw new ConfigException($"{name} must be greater than or equal to {lowest}");
        if (Bound(name, "max") is { } highest && value > broker.GetInt(highest))
            throw new ConfigException($"{name} must be less than or equal to {highest}");
    }

    private static string? Bound(string name, string kind)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var quantity = name[(dot + 1)..];
        // The bound of num.standby.replicas is max.standby.replicas.
        if (quantity.StartsWith("num.", StringComparison.Ordinal))
            quantity = quantity["num.".Length..];
        var bound = $"group.{name[..dot]}.{kind}.{quantity}";
        return ConfigDefinitions.Broker.Contains(bound) ? bound : null;
    }

    private static int Effective(BrokerConfig broker, IReadOnlyDictionary<string, string> configs, string name) =>
        configs.TryGetValue(name, out var own) ? int.Parse(own.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : broker.GetInt($"group.{name}");
}
