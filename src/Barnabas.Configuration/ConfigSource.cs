namespace Barnabas.Configuration;

/// <summary>Where a configuration value comes from; the numbers are those of the DescribeConfigs response.</summary>
public enum ConfigSource
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Set for the topic.</summary>
    DynamicTopicConfig = 1,

    /// <summary>Set at run time for this broker.</summary>
    DynamicBrokerConfig = 2,

    /// <summary>Set at run time as the default of all brokers.</summary>
    DynamicDefaultBrokerConfig = 3,

    /// <summary>Set in the broker's properties file.</summary>
    StaticBrokerConfig = 4,

    /// <summary>Built in.</summary>
    DefaultConfig = 5,

    /// <summary>A logger's level set at run time.</summary>
    DynamicBrokerLoggerConfig = 6,

    /// <summary>Set for a client metrics subscription.</summary>
    ClientMetricsConfig = 7,

    /// <summary>Set for a group.</summary>
    GroupConfig = 8,
}
