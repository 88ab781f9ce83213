namespace Barnabas.Configuration;

/// <summary>The definitions of all resources and clients, read from the embedded tables when first asked for.</summary>
public static class ConfigDefinitions
{
    private static readonly Lazy<ConfigDefinition> BrokerTable = new(() => ConfigTable.Load("broker"));
    private static readonly Lazy<ConfigDefinition> TopicTable = new(() => ConfigTable.Load("topic"));
    private static readonly Lazy<ConfigDefinition> GroupTable = new(() => ConfigTable.Load("group"));
    private static readonly Lazy<ConfigDefinition> ClientMetricsTable = new(() => ConfigTable.Load("client-metrics"));
    private static readonly Lazy<ConfigDefinition> QuotaTable = new(() => ConfigTable.Load("quota"));
    private static readonly Lazy<ConfigDefinition> ProducerTable = new(() => ConfigTable.Load("producer"));
    private static readonly Lazy<ConfigDefinition> ConsumerTable = new(() => ConfigTable.Load("consumer"));
    private static readonly Lazy<ConfigDefinition> AdminTable = new(() => ConfigTable.Load("admin"));

    /// <summary>Keys of a broker or controller.</summary>
    public static ConfigDefinition Broker => BrokerTable.Value;

    /// <summary>Keys of a topic.</summary>
    public static ConfigDefinition Topic => TopicTable.Value;

    /// <summary>Keys of a group.</summary>
    public static ConfigDefinition Group => GroupTable.Value;

    /// <summary>Keys of a client metrics subscription (KIP-714).</summary>
    public static ConfigDefinition ClientMetrics => ClientMetricsTable.Value;

    /// <summary>Keys of the brokers' quota windows.</summary>
    public static ConfigDefinition Quota => QuotaTable.Value;

    /// <summary>Keys of a producer.</summary>
    public static ConfigDefinition Producer => ProducerTable.Value;

    /// <summary>Keys of a consumer.</summary>
    public static ConfigDefinition Consumer => ConsumerTable.Value;

    /// <summary>Keys of an admin client.</summary>
    public static ConfigDefinition Admin => AdminTable.Value;
}
