namespace Barnabas.Client.Networking;

/// <summary>Responses of a connection come in order, so what must not wait behind a long poll has a connection of its own.</summary>
public enum ConnectionRole
{
    /// <summary>Metadata, produce, look-ups.</summary>
    Regular,

    /// <summary>Group and transaction coordination: heartbeats must not wait.</summary>
    Coordinator,

    /// <summary>Fetches, which wait at the node for data.</summary>
    Fetch,
}
