using Barnabas.Broker.Sharing;
using Barnabas.Coordination.Sharing;

namespace Barnabas.Broker.Tests.Sharing;

/// <summary>A share partition under random members, beside a plain account of each record.</summary>
internal sealed class ShareModel(Random random, SharePartitionSettings settings)
{
    private const int RecordCount = 300;
    private const int BatchRecords = 10;
    private static readonly string[] Members = ["a", "b", "c"];

    private readonly int[] _deliveries = new int[RecordCount];
    private readonly string?[] _owners = new string?[RecordCount];
    private readonly bool[] _done = new bool[RecordCount];
    private readonly List<ShareStateBatch> _written = [];
    private SharePartitionState _state = new(0, []);
    private long _nowMs;

    public void Step(string where)
    {
        var member = Members[random.Next(Members.Length)];
        switch (random.Next(8))
        {
            case < 3:
                Acquire(member, where);
                break;
            case < 6:
                Acknowledge(member, where);
                break;
            case 6:
                _nowMs += random.Next(settings.LockDurationMs);
                Apply(_state.ReleaseExpired(settings, _nowMs), isWritten: true);
                break;
            default:
                if (random.Next(4) == 0)
                    Restart();
                else
                    Apply(_state.Release(member, settings), isWritten: true);
                break;
        }

        for (var offset = 0; offset < _state.StartOffset; offset++)
            Assert.True(_done[offset], $"{where}: record {offset} was passed over");
    }

    /// <summary>One member that accepts all it gets comes to the end.</summary>
    public void Finish(string where)
    {
        for (var turn = 0; turn < 20 * RecordCount && _state.StartOffset < RecordCount; turn++)
        {
            _nowMs += settings.LockDurationMs + 1;
            Apply(_state.ReleaseExpired(settings, _nowMs), isWritten: true);
            foreach (var range in Acquire("a", where))
                Apply(_state.Acknowledge("a", [new(range.First, range.Last, [AcknowledgementBatch.Accept])], settings, _nowMs), isWritten: true);
        }

        Assert.True(_state.StartOffset == RecordCount, $"{where}: stuck at {_state.StartOffset}");
        Assert.All(_done, done => Assert.True(done, where));
    }

    private List<AcquiredRange> Acquire(string member, string where)
    {
        var from = _state.NextFetchOffset;
        if (from >= RecordCount || !_state.CanAcquire(settings))
            return [];
        var first = from / BatchRecords * BatchRecords;
        var read = new List<byte>();
        for (var at = first; at < Math.Min(RecordCount, first + (random.Next(1, 6) * BatchRecords)); at += BatchRecords)
            read.AddRange(SharePartitionStateTests.At(at, BatchRecords));
        var acquired = _state.Acquire(member, new ShareAcquisition(random.Next(1, 60), random.Next(1, 40), random.Next(2) == 0), from, read.ToArray(), settings, _nowMs);
        foreach (var range in acquired)
        {
            for (var offset = range.First; offset <= range.Last; offset++)
            {
                Assert.True(_owners[offset] is null && !_done[offset], $"{where}: record {offset} of {_owners[offset]} was given to {member}");
                _owners[offset] = member;
                Assert.True(++_deliveries[offset] <= settings.DeliveryCountLimit, $"{where}: record {offset} was delivered {_deliveries[offset]} times");
                Assert.Equal(_deliveries[offset], range.DeliveryCount);
            }
        }

        return acquired;
    }

    private void Acknowledge(string member, string where)
    {
        var owned = Enumerable.Range(0, RecordCount).Where(offset => _owners[offset] == member).ToList();
        if (owned.Count == 0)
            return;
        var first = owned[random.Next(owned.Count)];
        var last = first;
        while (last + 1 < RecordCount && _owners[last + 1] == member && random.Next(8) > 0)
            last++;
        var types = Enumerable.Range(first, last - first + 1).Select(_ => (sbyte)random.Next(1, 4)).ToList();
        var change = _state.Acknowledge(member, [new(first, last, types)], settings, _nowMs);
        Assert.True(change is not null, where);
        if (random.Next(10) == 0)
            _state.Rollback(change.Id, settings.DeliveryCountLimit, _nowMs);
        else
            Apply(change, isWritten: true);
    }

    private void Apply(ShareStateChange? change, bool isWritten)
    {
        if (change is null)
            return;
        foreach (var batch in change.Batches)
        {
            for (var offset = batch.FirstOffset; offset <= batch.LastOffset; offset++)
            {
                _owners[offset] = null;
                _done[offset] = batch.DeliveryState != 0;
            }
        }

        if (isWritten)
            _written.AddRange(change.Batches);
        _state.Commit(change.Id);
    }

    /// <summary>Another leader knows what was written and nothing else: deliveries that nothing came of are not counted.</summary>
    private void Restart()
    {
        var said = new ShareStateBatch?[RecordCount];
        foreach (var batch in _written)
        {
            for (var offset = batch.FirstOffset; offset <= batch.LastOffset; offset++)
                said[offset] = said[offset] is { } known && known.DeliveryCount * 256 + known.DeliveryState > batch.DeliveryCount * 256 + batch.DeliveryState ? known : batch;
        }

        var batches = new List<ShareStateBatch>();
        for (var offset = 0; offset < RecordCount; offset++)
        {
            _owners[offset] = null;
            _deliveries[offset] = said[offset]?.DeliveryCount ?? 0;
            if (said[offset] is { } batch)
                batches.Add(batch with { FirstOffset = offset, LastOffset = offset });
        }

        _state = new SharePartitionState(0, batches);
    }
}
