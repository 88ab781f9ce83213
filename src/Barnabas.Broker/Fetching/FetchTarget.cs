using Barnabas.Protocol;

namespace Barnabas.Broker.Fetching;

/// <summary>One partition as a fetch asks for it. Immutable.</summary>
/// <param name="Topic">The name; empty in requests that name topics by id.</param>
/// <param name="TopicId">The id; zero in requests that name topics by name.</param>
/// <param name="Partition">The index.</param>
/// <param name="FetchOffset">The first offset wanted.</param>
/// <param name="MaxBytes">The most bytes wanted of this partition.</param>
/// <param name="CurrentLeaderEpoch">The leader epoch the client knows, or -1.</param>
/// <param name="LastFetchedEpoch">The epoch of the client's last record, or -1 (KIP-595).</param>
/// <param name="LogStartOffset">A follower's log start offset, or -1.</param>
internal sealed record FetchTarget(
    string Topic, Uuid TopicId, int Partition, long FetchOffset, int MaxBytes, int CurrentLeaderEpoch, int LastFetchedEpoch, long LogStartOffset)
{
    public FetchKey Key => new(Topic, TopicId, Partition);
}

/// <summary>What names a partition within one session: all by name or all by id.</summary>
internal readonly record struct FetchKey(string Topic, Uuid TopicId, int Partition);
