namespace Barnabas.Broker.Fetching;

/// <summary>
/// The partitions that one client fetches again and again (KIP-227), in the order they are served: a partition that had data goes last.
/// Locked by its own lock; a client uses one session from one connection at a time.
/// </summary>
internal sealed class FetchSession(int id, bool usesTopicIds, long createdTimestamp)
{
    public const int FinalEpoch = -1;
    public const int InitialEpoch = 0;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _order = [];
    private readonly Dictionary<FetchKey, LinkedListNode<Entry>> _byKey = [];

    public int Id { get; } = id;

    public bool UsesTopicIds { get; } = usesTopicIds;

    public long CreatedTimestamp { get; } = createdTimestamp;

    public long LastUsedTimestamp { get; set; } = createdTimestamp;

    /// <summary>The epoch the next request has to have.</summary>
    public int Epoch { get; private set; } = 1;

    public int Count
    {
        get
        {
            lock (_lock)
                return _byKey.Count;
        }
    }

    public static int NextEpoch(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;

    /// <summary>Checks and raises the epoch, takes in the changes and returns all partitions in order; null when the epoch is not the expected one.</summary>
    public List<FetchTarget>? TryUpdate(int epoch, IEnumerable<FetchTarget> changed, IEnumerable<FetchKey> forgotten)
    {
        lock (_lock)
        {
            if (epoch != Epoch)
                return null;
            Epoch = NextEpoch(epoch);
            Put(changed);
            foreach (var key in forgotten)
            {
                if (_byKey.Remove(key, out var node))
                    _order.Remove(node);
            }
            return Targets();
        }
    }

    public void Put(IEnumerable<FetchTarget> targets)
    {
        lock (_lock)
        {
            foreach (var target in targets)
            {
                if (_byKey.TryGetValue(target.Key, out var node))
                    node.Value.Target = target;
                else
                    _byKey.Add(target.Key, _order.AddLast(new Entry(target)));
            }
        }
    }

    /// <summary>Records what a response tells, and says whether it has to tell it: an incremental response leaves out what has not changed.</summary>
    public bool Note(FetchTarget target, in PartitionRead read, bool isFull)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(target.Key, out var node))
                return true;
            var entry = node.Value;
            var send = isFull || read.Error != 0 || read.Records.Length > 0 || read.DivergingEpoch is not null
                || entry.HighWatermark != read.HighWatermark || entry.LogStartOffset != read.LogStartOffset;
            // After an error the next success is told even when nothing else has changed.
            entry.HighWatermark = read.Error == 0 ? read.HighWatermark : -1;
            entry.LogStartOffset = read.LogStartOffset;
            if (!isFull && read.Records.Length > 0)
            {
                _order.Remove(node);
                _order.AddLast(node);
            }
            return send;
        }
    }

    private List<FetchTarget> Targets()
    {
        var targets = new List<FetchTarget>(_byKey.Count);
        foreach (var entry in _order)
            targets.Add(entry.Target);
        return targets;
    }

    private sealed class Entry(FetchTarget target)
    {
        public FetchTarget Target { get; set; } = target;

        public long HighWatermark { get; set; } = -1;

        public long LogStartOffset { get; set; } = -1;
    }
}
