namespace Barnabas.Metadata.Image;

/// <summary>What a configuration belongs to, with the numbers of Kafka's wire protocol.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>Not known to this version.</summary>
    Unknown = 0,

    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker by node id; the empty name means all brokers.</summary>
    Broker = 4,

    /// <summary>The log levels of a broker, by node id.</summary>
    BrokerLogger = 8,

    /// <summary>A client metrics subscription (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A consumer, share or streams group (KIP-848).</summary>
    Group = 32,
}

/// <summary>A thing that can be configured.</summary>
/// <param name="Type">What kind of thing.</param>
/// <param name="Name">Its name; for brokers the node id in decimal, or empty for all.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>The cluster-wide default configuration of brokers.</summary>
    public static readonly ConfigResource DefaultBroker = new(ConfigResourceType.Broker, "");

    /// <summary>The resource of a topic.</summary>
    public static ConfigResource ForTopic(string name) => new(ConfigResourceType.Topic, name);

    /// <summary>The resource of one broker.</summary>
    public static ConfigResource ForBroker(int nodeId) =>
        new(ConfigResourceType.Broker, nodeId.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
