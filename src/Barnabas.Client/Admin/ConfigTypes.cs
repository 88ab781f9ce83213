namespace Barnabas.Client.Admin;

/// <summary>What a configuration belongs to; the numbers are the protocol's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker by node id, or the default of all brokers with an empty name.</summary>
    Broker = 4,

    /// <summary>The loggers of a broker.</summary>
    BrokerLogger = 8,

    /// <summary>A client metrics subscription (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}

/// <summary>What a configuration belongs to.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name);

/// <summary>Where a value comes from; the numbers are the protocol's.</summary>
public enum ConfigEntrySource : sbyte
{
    /// <summary>The node does not say.</summary>
    Unknown = 0,

    /// <summary>Set for the topic.</summary>
    DynamicTopicConfig = 1,

    /// <summary>Set for the broker while it runs.</summary>
    DynamicBrokerConfig = 2,

    /// <summary>Set for all brokers while they run.</summary>
    DynamicDefaultBrokerConfig = 3,

    /// <summary>In the broker's properties file.</summary>
    StaticBrokerConfig = 4,

    /// <summary>The default.</summary>
    DefaultConfig = 5,

    /// <summary>A logger's level.</summary>
    DynamicBrokerLoggerConfig = 6,

    /// <summary>Set for a client metrics subscription.</summary>
    DynamicClientMetricsConfig = 7,

    /// <summary>Set for the group.</summary>
    DynamicGroupConfig = 8,
}

/// <summary>One place a value could come from, in the order in which they count.</summary>
public sealed record ConfigSynonym(string Name, string? Value, ConfigEntrySource Source);

/// <summary>One configuration of a resource.</summary>
public sealed record ConfigEntry
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The value; null when it is sensitive or has none.</summary>
    public required string? Value { get; init; }

    /// <summary>Where the value comes from.</summary>
    public ConfigEntrySource Source { get; init; }

    /// <summary>Whether it cannot be changed while the node runs.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether the value is a secret.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>The places the value could come from, when asked for.</summary>
    public IReadOnlyList<ConfigSynonym> Synonyms { get; init; } = [];

    /// <summary>The type, as DescribeConfigs numbers it.</summary>
    public Barnabas.Configuration.ConfigType Type { get; init; }

    /// <summary>What it does, when asked for.</summary>
    public string? Documentation { get; init; }
}

/// <summary>What IncrementalAlterConfigs does with a value; the numbers are the protocol's.</summary>
public enum AlterConfigOperation : sbyte
{
    /// <summary>Sets it.</summary>
    Set = 0,

    /// <summary>Goes back to the default.</summary>
    Delete = 1,

    /// <summary>Adds to a list.</summary>
    Append = 2,

    /// <summary>Takes out of a list.</summary>
    Subtract = 3,
}

/// <summary>One change of a configuration.</summary>
public sealed record AlterConfig(string Name, AlterConfigOperation Operation, string? Value);
