namespace Barnabas.Broker.Telemetry;

/// <summary>What a metric does over time.</summary>
public enum MetricKind
{
    /// <summary>It only rises.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,
}

/// <summary>One metric as it is now.</summary>
/// <param name="Name">Its name in Prometheus' notation, as JMX exporters give it to Kafka's MBeans.</param>
/// <param name="Kind">What it does over time.</param>
/// <param name="Help">What it tells.</param>
/// <param name="Value">Its value.</param>
/// <param name="Labels">What tells it from others of its name.</param>
public readonly record struct MetricSample(string Name, MetricKind Kind, string Help, double Value, params (string Name, string Value)[] Labels);
