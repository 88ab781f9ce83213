using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Validation;

namespace Barnabas.Broker.Security;

/// <summary>A broker's configuration as one listener sees it: <c>listener.name.NAME.</c> before a key comes first, then <c>listener.name.NAME.MECHANISM.</c> for keys of a mechanism.</summary>
internal sealed class ListenerConfig(BrokerConfig config, string listenerName)
{
    private readonly string _prefix = $"listener.name.{listenerName.ToLowerInvariant()}.";

    public string ListenerName => listenerName;

    public BrokerConfig Broker => config;

    /// <summary>The text of a key, null where it has no value.</summary>
    public string? Text(string key) =>
        config.TryGetRaw(_prefix + key, out var own) ? own
        : config.TryGetRaw(key, out var common) ? common
        : ConfigValue.ToText(config.Get(key));

    /// <summary>The text of a key that only counts with the listener's name before it.</summary>
    public string? OwnText(string key) => config.TryGetRaw(_prefix + key, out var own) ? own : null;

    /// <summary>The text of a key of a SASL mechanism.</summary>
    public string? MechanismText(string mechanism, string key)
    {
        var name = mechanism.ToLowerInvariant() + "." + key;
        return config.TryGetRaw(_prefix + name, out var own) || config.TryGetRaw(name, out own) ? own : null;
    }

    /// <summary>The words of a list.</summary>
    public string[] List(string key) => (Text(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
