using System.Globalization;
using System.Net;

namespace Barnabas.Configuration.Brokers;

/// <summary>Parses <c>listeners</c>, <c>advertised.listeners</c> and <c>listener.security.protocol.map</c>.</summary>
internal static class EndpointParser
{
    /// <summary>Parses a list of listeners.</summary>
    /// <exception cref="ConfigException">An entry is malformed, has no security protocol, or shares a name or port with another.</exception>
    public static List<Endpoint> ParseList(IReadOnlyList<string> listeners, IReadOnlyDictionary<string, SecurityProtocol> protocols, bool distinctPorts)
    {
        var listed = "[" + string.Join(", ", listeners) + "]";
        var endpoints = new List<Endpoint>();
        foreach (var listener in listeners)
        {
            var slashes = listener.LastIndexOf("://", StringComparison.Ordinal);
            if (slashes < 0
                || !HostAndPort.TrySplit(listener.AsSpan(slashes + 3), out var host, out var portText)
                || portText is ['+', ..]
                || !int.TryParse(portText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port))
                throw Error($"Unable to parse {listener} to a broker endpoint");
            var name = listener[..slashes].ToUpperInvariant();
            if (!protocols.TryGetValue(name, out var protocol))
                throw Error($"No security protocol defined for listener {name}");
            endpoints.Add(new Endpoint(name, protocol, host, port));
        }

        if (endpoints.Select(endpoint => endpoint.ListenerName).Distinct().Count() != endpoints.Count)
            throw Error($"Each listener must have a different name, listeners: {listed}");
        if (distinctPorts)
            foreach (var group in endpoints.Where(endpoint => endpoint.Port != 0).GroupBy(endpoint => endpoint.Port))
                CheckShared(group.ToList());
        return endpoints;

        ConfigException Error(string reason) => new($"Error creating broker listeners from '{listed}': {reason}");

        void CheckShared(List<Endpoint> shared)
        {
            if (shared.Count == 1)
                return;
            var addresses = shared.Select(endpoint => IPAddress.TryParse(endpoint.Host, out var address) ? address.AddressFamily.ToString() : "").ToList();
            if (addresses.Contains("") || shared.Count > 2)
                throw Error($"Each listener must have a different port, listeners: {listed}");
            if (addresses[0] == addresses[1])
                throw Error($"If you have two listeners on the same port then one needs to be IPv4 and the other IPv6, listeners: {listed}, port: {shared[0].Port}");
        }
    }

    /// <summary>The name part of one listener, in upper case.</summary>
    public static string ParseName(string listener)
    {
        var end = listener.IndexOf("://", StringComparison.Ordinal);
        return end > 0 ? listener[..end].ToUpperInvariant() : throw new ConfigException($"Unable to parse a listener name from {listener}");
    }

    /// <summary>Parses the map from listener name to security protocol.</summary>
    public static Dictionary<string, SecurityProtocol> ParseProtocolMap(string text)
    {
        var map = new Dictionary<string, SecurityProtocol>(StringComparer.Ordinal);
        foreach (var (name, protocolName) in ParsePairs("listener.security.protocol.map", text))
            map[name.ToUpperInvariant()] = SecurityProtocols.TryParse(protocolName, out var protocol)
                ? protocol
                : throw new ConfigException($"Invalid security protocol `{protocolName}` defined in listener.security.protocol.map");
        return map;
    }

    /// <summary>Parses <c>name:value,name:value</c>; the last colon of an entry divides it.</summary>
    public static IEnumerable<(string Name, string Value)> ParsePairs(string key, string text)
    {
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.LastIndexOf(':');
            if (colon < 0)
                throw new ConfigException($"Error parsing configuration property '{key}': there is no ':' in {entry}");
            yield return (entry[..colon].Trim(), entry[(colon + 1)..].Trim());
        }
    }
}
