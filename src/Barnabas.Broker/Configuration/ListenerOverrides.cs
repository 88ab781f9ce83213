using System.Globalization;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Broker.Configuration;

/// <summary>Values that single listeners have in place of the broker's: <c>listener.name.plaintext.max.connections</c>.</summary>
internal static class ListenerOverrides
{
    /// <summary>The values of a key by listener name, for the listeners that have one of their own.</summary>
    public static Dictionary<string, int> Of(BrokerConfig config, string key)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var listener in config.Listeners)
        {
            if (config.TryGetRaw($"listener.name.{listener.ListenerName.ToLowerInvariant()}.{key}", out var text)
                && int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                values[listener.ListenerName] = value;
        }
        return values;
    }
}
