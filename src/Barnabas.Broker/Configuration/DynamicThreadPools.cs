using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Broker.Configuration;

/// <summary>How far a number of threads may move in one change: to its double or its half, so that a slip of the finger does no harm (KIP-226).</summary>
internal static class DynamicThreadPools
{
    private static readonly string[] Keys =
        ["num.io.threads", "num.replica.fetchers", "num.recovery.threads.per.data.dir", "background.threads", "num.network.threads"];

    /// <exception cref="ConfigException">A number moves too far.</exception>
    public static void Check(BrokerConfig current, BrokerConfig wanted)
    {
        foreach (var key in Keys)
        {
            var (now, next) = (current.GetInt(key), wanted.GetInt(key));
            var refused = next < now / 2 ? $"value should be at least half the current value {now}"
                : next > now * 2 ? $"value should not be greater than double the current value {now}"
                : null;
            if (refused is not null)
                throw Refused($"Dynamic thread count update validation failed for {key}={next}, {refused}");
        }
        CheckCleaner(current.GetInt("log.cleaner.threads"), wanted.GetInt("log.cleaner.threads"));
    }

    private static void CheckCleaner(int now, int next)
    {
        if (next < now / 2)
            throw Refused($"Log cleaner threads cannot be reduced to less than half the current value {now}");
        if (next > now * 2)
            throw Refused($"Log cleaner threads cannot be increased to more than double the current value {now}");
    }

    /// <summary>Kafka shows the inner exception as the value.</summary>
    private static ConfigException Refused(string reason) =>
        new("Invalid dynamic configuration", $"org.apache.kafka.common.config.ConfigException: {reason}", null);
}
