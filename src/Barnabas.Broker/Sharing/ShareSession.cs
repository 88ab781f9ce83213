using Barnabas.Protocol;

namespace Barnabas.Broker.Sharing;

/// <summary>A partition in a share session.</summary>
internal readonly record struct SharedPartition(Uuid TopicId, int Index);

/// <summary>What one member fetches again and again, on one connection. Locked by the cache it is in.</summary>
internal sealed class ShareSession(string groupId, string memberId, long connectionId)
{
    public const int InitialEpoch = 0;
    public const int FinalEpoch = -1;

    private readonly HashSet<SharedPartition> _partitions = [];

    public string GroupId { get; } = groupId;

    public string MemberId { get; } = memberId;

    public long ConnectionId { get; } = connectionId;

    /// <summary>The epoch the next request has to have.</summary>
    public int Epoch { get; set; } = 1;

    public IReadOnlyCollection<SharedPartition> Partitions => _partitions;

    public static int NextEpoch(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;

    public void Update(IEnumerable<SharedPartition> added, IEnumerable<SharedPartition> forgotten)
    {
        _partitions.UnionWith(added);
        _partitions.ExceptWith(forgotten);
    }
}
