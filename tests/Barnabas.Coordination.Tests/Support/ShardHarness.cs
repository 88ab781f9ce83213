using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>
/// One group coordinator shard without a runtime: operations are applied, their records serialized into a list and
/// read back before they are replayed, and time passes only when a test says so.
/// </summary>
internal sealed class ShardHarness
{
    private readonly CoordinatorShardContext _context;
    private readonly TimerQueue _timers;
    private readonly RollbackLog _rollback = new();
    private readonly GroupRecordSerde _serde = new();
    private readonly List<Action<KafkaException?>> _uncommitted = [];

    public ShardHarness(GroupCoordinatorConfig? config = null, long nowMs = 1_000_000, int seed = 1)
    {
        NowMs = nowMs;
        Config = config ?? DefaultConfig;
        _timers = new TimerQueue(() => NowMs);
        _context = new CoordinatorShardContext(new TopicPartition("__consumer_offsets", 0), _timers, _rollback, new Random(seed), NullLogger.Instance) { NowMs = nowMs };
        Shard = new GroupCoordinatorShard(_context, Config, () => Topics);
    }

    public static GroupCoordinatorConfig DefaultConfig { get; } = new()
    {
        MinSessionTimeoutMs = 10,
        MaxSessionTimeoutMs = 600_000,
        InitialRebalanceDelayMs = 3_000,
        MaxGroupSize = int.MaxValue,
        OffsetMetadataMaxSize = 4096,
        OffsetsRetentionMs = 24 * 3_600_000L,
        OffsetsRetentionCheckIntervalMs = 600_000,
        Consumer = new() { AssignmentIntervalMs = 0 },
        Share = new() { AssignmentIntervalMs = 0 },
        Streams = new() { AssignmentIntervalMs = 0, InitialRebalanceDelayMs = 0 },
    };

    public GroupCoordinatorConfig Config { get; }

    /// <summary>The topics that groups see.</summary>
    public TestTopics Topics { get; set; } = new();

    public GroupCoordinatorShard Shard { get; }

    public long NowMs { get; private set; }

    /// <summary>What was written: key and value as bytes.</summary>
    public List<CoordinatorBatch.Entry> Log { get; } = [];

    /// <summary>The records that were written, read back from their bytes.</summary>
    public IEnumerable<CoordinatorRecord> Records => Log.Select(Read);

    /// <summary>Whether written records stay uncommitted until <see cref="CommitAll"/> or <see cref="FailAll"/>.</summary>
    public bool HoldsCommits { get; set; }

    /// <summary>The error that every append meets from now on, or null.</summary>
    public ErrorCode? AppendError { get; set; }

    public ClassicGroup Group(string groupId = "g") => Shard.Groups.GetClassic(groupId);

    public bool HasGroup(string groupId = "g") => Shard.Groups.TryGet(groupId, out _);

    public bool IsScheduled(string key) => _timers.IsScheduled(key);

    /// <summary>A new shard with what this one wrote.</summary>
    public ShardHarness Reload(int seed = 2)
    {
        Shard.OnUnloaded();
        var reloaded = new ShardHarness(Config, NowMs, seed);
        reloaded._rollback.IsRecording = false;
        foreach (var entry in Log)
        {
            reloaded.Shard.Replay(reloaded.Log.Count, -1, reloaded.Read(entry));
            reloaded.Log.Add(entry);
        }

        reloaded._rollback.IsRecording = true;
        reloaded.Shard.OnLoaded();
        return reloaded;
    }

    public T Run<T>(Func<GroupCoordinatorShard, CoordinatorResult<T>> operation)
    {
        _context.NowMs = NowMs;
        var result = operation(Shard);
        Write(result);
        return result.Response;
    }

    /// <summary>Lets time pass, running what becomes due on the way.</summary>
    public void Advance(long ms)
    {
        var end = NowMs + ms;
        while (_timers.NextWakeMs is { } next && next <= end)
        {
            NowMs = Math.Max(NowMs, next);
            _context.NowMs = NowMs;
            while (_timers.TryTakeDue(NowMs, out var operation))
                Write(operation());
        }

        NowMs = end;
        _context.NowMs = end;
    }

    public void CommitAll() => CompleteAll(null);

    public void FailAll(ErrorCode error) => CompleteAll(new KafkaException(error));

    /// <summary>Replays a record as if another broker had written it.</summary>
    public void Inject(CoordinatorRecord record, long producerId = -1)
    {
        Log.Add(CoordinatorBatch.Serialize([record], 0, 1)[0]);
        Shard.Replay(Log.Count - 1, producerId, Read(Log[^1]));
    }

    private void Write(CoordinatorResult result)
    {
        if (result.Records.Count > 0 && AppendError is { } error)
        {
            _rollback.Unwind();
            result.OnCommitted?.Invoke(new KafkaException(error));
            return;
        }

        foreach (var entry in CoordinatorBatch.Serialize(result.Records, 0, result.Records.Count))
        {
            Log.Add(entry);
            if (result.ReplayRecords)
                Shard.Replay(Log.Count - 1, -1, Read(entry));
        }

        if (result.Records.Count > 0)
            _rollback.Clear();
        if (result.OnCommitted is not { } onCommitted)
            return;
        if (HoldsCommits && result.Records.Count > 0)
            _uncommitted.Add(onCommitted);
        else
            onCommitted(null);
    }

    private void CompleteAll(KafkaException? failure)
    {
        var callbacks = _uncommitted.ToArray();
        _uncommitted.Clear();
        foreach (var callback in callbacks)
            callback(failure);
    }

    private CoordinatorRecord Read(CoordinatorBatch.Entry entry) =>
        _serde.Deserialize(entry.Key, entry.Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?))!;
}
