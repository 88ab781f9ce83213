using System.Globalization;
using Barnabas.Configuration;

namespace Barnabas.Client.Networking;

/// <summary>Reads <c>bootstrap.servers</c>.</summary>
public static class BootstrapAddresses
{
    /// <summary>Turns <c>host:port</c> texts (also <c>PROTOCOL://host:port</c> and <c>[v6]:port</c>) into nodes with the ids -1, -2, ...</summary>
    /// <exception cref="ConfigException">A text has no host and port, or there is none; the message is Kafka's.</exception>
    public static IReadOnlyList<Node> Parse(string configName, IReadOnlyList<string> addresses)
    {
        var nodes = new List<Node>(addresses.Count);
        foreach (var raw in addresses)
        {
            var text = raw.Trim();
            if (text.Length == 0) continue;
            var scheme = text.IndexOf("://", StringComparison.Ordinal);
            var address = scheme >= 0 ? text[(scheme + 3)..] : text;
            var colon = address.LastIndexOf(':');
            var host = colon > 0 ? address[..colon].Trim('[', ']') : "";
            if (host.Length == 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
                throw new ConfigException($"Invalid url in {configName}: {text}");
            nodes.Add(new Node(-1 - nodes.Count, host, port));
        }

        return nodes.Count > 0 ? nodes : throw new ConfigException($"No resolvable bootstrap urls given in {configName}");
    }
}
