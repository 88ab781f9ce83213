using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>The smallest coordinator: remembers which keys it has replayed.</summary>
internal sealed class CountingShard(CoordinatorShardContext context) : ICoordinatorShard
{
    private readonly TimelineDictionary<string, long> _groups = new(context.Rollback);

    public CoordinatorShardContext Context => context;

    public bool IsUnloaded { get; private set; }

    public IEnumerable<string> Groups => _groups.Keys;

    public List<(long ProducerId, bool Committed)> Markers { get; } = [];

    public static CoordinatorRecord Record(string group) =>
        new(new GroupMetadataKey { Group = group }, new GroupMetadataValue(), 3);

    public CoordinatorResult<string> Add(params string[] groups) => new([.. groups.Select(Record)], groups[^1]);

    public void Replay(long offset, long producerId, CoordinatorRecord record)
    {
        var group = ((GroupMetadataKey)record.Key).Group;
        if (group == "poison")
            throw new InvalidOperationException("poison");
        if (record.Value is null)
            _groups.Remove(group);
        else
            _groups.Put(group, offset);
    }

    public long OffsetOf(string group) => _groups[group];

    public void ReplayEndTransactionMarker(long producerId, bool committed) => Markers.Add((producerId, committed));

    public void OnLoaded()
    {
    }

    public void OnUnloaded() => IsUnloaded = true;
}
