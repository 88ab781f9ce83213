using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Configuration;

/// <summary>The broker's configuration with what is set at run time (KIP-226). Written by the metadata publisher, read from any thread.</summary>
internal sealed class DynamicBrokerConfig
{
    private readonly BrokerConfig _started;
    private readonly ILogger _logger;
    private volatile BrokerConfig _current;

    public DynamicBrokerConfig(BrokerConfig started, ILogger logger)
    {
        _started = started;
        _current = started;
        _logger = logger;
    }

    public BrokerConfig Current => _current;

    /// <summary>Raised after a change, on the metadata publisher's thread.</summary>
    public event Action<BrokerConfig>? Changed;

    /// <summary>Whether the broker could run with these values in place of those set at run time so far.</summary>
    /// <exception cref="ConfigException">It could not, with Kafka's text.</exception>
    public void Validate(IReadOnlyDictionary<string, string> wanted, bool forThisBroker)
    {
        DynamicConfigRules.Check(wanted, forThisBroker);
        var current = _current;
        var next = forThisBroker
            ? _started.WithDynamic(wanted, current.DynamicDefaultProperties)
            : _started.WithDynamic(current.DynamicBrokerProperties, wanted);
        DynamicThreadPools.Check(current, next);
    }

    public void Apply(ConfigsImage configs)
    {
        try
        {
            var current = _started.WithDynamic(
                configs.ConfigsOf(ConfigResource.ForBroker(_started.NodeId)), configs.ConfigsOf(ConfigResource.DefaultBroker));
            _current = current;
            Changed?.Invoke(current);
        }
        catch (ConfigException e)
        {
            // The controller refuses such values; one written by an older version must not stop the broker.
            BrokerLog.DynamicConfigIgnored(_logger, e);
        }
    }
}
