using System.Globalization;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol;
using Barnabas.Raft.Quorum;

namespace Barnabas.Metadata.Formatting;

/// <summary>The voters that a dynamic quorum is formatted with (KIP-853).</summary>
internal static class InitialVoters
{
    private const short MaxKRaftVersion = 1;

    /// <summary>This node alone, at its first controller listener.</summary>
    /// <exception cref="FormatterException">The node is no controller.</exception>
    internal static VoterSet Standalone(BrokerConfig config, Random random)
    {
        if (!config.IsController) throw new FormatterException("You can only use --standalone on a controller.");
        if (config.AdvertisedControllerListeners.Count == 0) throw new FormatterException("No controller listeners found.");
        var listener = config.AdvertisedControllerListeners[0];
        var host = string.IsNullOrEmpty(listener.Host) ? "localhost" : listener.Host;
        return VoterSet.Of(Of(config.NodeId, Uuid.Random(random), listener.ListenerName, host, listener.Port));
    }

    /// <summary>Reads <c>id@host:port:directory,...</c>.</summary>
    /// <exception cref="FormatterException">The text is not of that form.</exception>
    internal static VoterSet Parse(string text, string listenerName)
    {
        var voters = new SortedDictionary<int, Voter>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            if (at < 0) throw new FormatterException("No @ found in dynamic voter string.");
            if (!int.TryParse(entry[..at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            {
                throw new FormatterException("Failed to parse node id in dynamic voter string.");
            }
            if (id < 0) throw new FormatterException($"Invalid negative node id {id} in dynamic voter string.");
            var rest = entry[(at + 1)..];
            var hostEnd = rest.StartsWith('[') ? rest.IndexOf(']', StringComparison.Ordinal) + 1 : rest.IndexOf(':', StringComparison.Ordinal);
            if (hostEnd <= 0 || hostEnd >= rest.Length || rest[hostEnd] != ':') throw new FormatterException("No colon following hostname could be found.");
            var host = rest[..hostEnd].Trim('[', ']');
            var tail = rest[(hostEnd + 1)..].Split(':', 2);
            if (tail.Length != 2) throw new FormatterException("No colon following port could be found.");
            if (!int.TryParse(tail[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port))
            {
                throw new FormatterException("Failed to parse port in dynamic voter string.");
            }
            if (port is < 0 or > 65535) throw new FormatterException($"Invalid port {port} in dynamic voter string.");
            if (!Uuid.TryParse(tail[1], out var directory)) throw new FormatterException("Failed to parse directory ID in dynamic voter string.");
            if (!voters.TryAdd(id, Of(id, directory, listenerName, host, port)))
            {
                throw new FormatterException($"Node id {id} was specified more than once.");
            }
        }
        return VoterSet.Of(voters.Values);
    }

    private static Voter Of(int id, Uuid directory, string listener, string host, int port) =>
        new(new ReplicaKey(id, directory), [new VoterEndpoint(listener, host, port)], 0, MaxKRaftVersion);
}
