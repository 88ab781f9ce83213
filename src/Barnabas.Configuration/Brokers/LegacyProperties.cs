using System.Globalization;

namespace Barnabas.Configuration.Brokers;

/// <summary>
/// Turns a file of the ZooKeeper era into one of today: no <c>process.roles</c> means a node that is broker and controller at once,
/// <c>broker.id</c> means <c>node.id</c>, <c>port</c> and <c>host.name</c> mean <c>listeners</c>. What it did is told in notes for the log.
/// </summary>
internal static class LegacyProperties
{
    private const string ControllerListener = "CONTROLLER";

    public static Dictionary<string, string> Translate(IReadOnlyDictionary<string, string> properties, List<string> notes, out bool isLegacy)
    {
        var result = new Dictionary<string, string>(properties, StringComparer.Ordinal);
        Alias(result, "port", "host.name", "listeners", notes);
        Alias(result, "advertised.port", "advertised.host.name", "advertised.listeners", notes);
        TranslateIds(result);
        var zookeeper = result.Keys.Where(key => key.StartsWith("zookeeper.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (zookeeper.Count > 0)
            notes.Add($"{string.Join(", ", zookeeper)}: ignored, the metadata quorum is built into this node");
        isLegacy = !result.ContainsKey("process.roles");
        if (isLegacy)
            BecomeCombined(result, notes);
        return result;
    }

    private static void TranslateIds(Dictionary<string, string> result)
    {
        var hasBroker = result.TryGetValue("broker.id", out var brokerId);
        var hasNode = result.TryGetValue("node.id", out var nodeId);
        if (hasBroker && hasNode && brokerId != nodeId)
            throw new ConfigException("You must set `node.id` to the same value as `broker.id`.");
        if (hasBroker && !hasNode)
            result["node.id"] = brokerId!;
    }

    private static void BecomeCombined(Dictionary<string, string> result, List<string> notes)
    {
        result["process.roles"] = "broker,controller";
        if (!result.TryGetValue("node.id", out var id) || id.Trim() == "-1")
        {
            result["node.id"] = "1";
            result.Remove("broker.id");
        }

        if (!result.ContainsKey("listeners"))
            result["listeners"] = "PLAINTEXT://:9092";
        if (!result.ContainsKey("controller.listener.names"))
        {
            result["controller.listener.names"] = ControllerListener;
            if (result.TryGetValue("listener.security.protocol.map", out var map) && !map.Contains(ControllerListener + ":", StringComparison.OrdinalIgnoreCase))
                result["listener.security.protocol.map"] = map + "," + ControllerListener + ":PLAINTEXT";
            else if (map is null)
                result["listener.security.protocol.map"] =
                    "CONTROLLER:PLAINTEXT," + ConfigDefinitions.Broker.Get("listener.security.protocol.map").Default;
        }

        var controller = result["controller.listener.names"].Split(',')[0].Trim();
        if (!result["listeners"].Contains(controller + "://", StringComparison.OrdinalIgnoreCase))
            result["listeners"] += $",{controller}://localhost:0";
        notes.Add($"process.roles is not set: node {result["node.id"].Trim()} runs as broker and controller in one");
    }

    private static void Alias(Dictionary<string, string> result, string portKey, string hostKey, string listenersKey, List<string> notes)
    {
        var hasPort = result.TryGetValue(portKey, out var port);
        var hasHost = result.TryGetValue(hostKey, out var host);
        if (!hasPort && !hasHost)
            return;
        if (result.ContainsKey(listenersKey))
        {
            notes.Add($"{(hasPort ? portKey : hostKey)}: ignored, {listenersKey} is set");
            return;
        }

        if (hasPort && !int.TryParse(port!.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new ConfigException(portKey, port, "Not a number of type INT");
        result[listenersKey] = $"PLAINTEXT://{(host ?? "").Trim()}:{(hasPort ? port!.Trim() : "9092")}";
        notes.Add($"{(hasPort ? portKey : hostKey)}: understood as {listenersKey}={result[listenersKey]}");
    }
}
