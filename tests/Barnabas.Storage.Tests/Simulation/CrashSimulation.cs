using Barnabas.Protocol;
using Barnabas.Storage.Simulation;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests.Simulation;

/// <summary>
/// One seed: two logs under random appends, flushes, rolls, truncations, deletions and clean stops, with the power cut
/// at random changes, also during recovery; the invariants are checked after each restart.
/// </summary>
internal sealed class CrashSimulation : IDisposable
{
    private static readonly TopicPartition[] Partitions = [new("plain", 0), new("compacted", 0)];

    private readonly Random _random;
    private readonly StorageFixture _fixture;
    private readonly Dictionary<TopicPartition, ModelLog> _models = Partitions.ToDictionary(static p => p, static _ => new ModelLog());
    private readonly Dictionary<(TopicPartition, long), int> _sequences = [];
    private LogManager _manager = null!;
    private int _epoch;
    private int _unique;

    public CrashSimulation(int seed)
    {
        _random = new Random(seed);
        _fixture = new StorageFixture(seed);
    }

    public int Crashes { get; private set; }

    /// <summary>What happened, for the report of a failing seed.</summary>
    public List<string> Trace { get; } = [];

    public void Run(int crashes)
    {
        Start();
        while (Crashes < crashes)
        {
            _fixture.Disk.CrashAtOperation = _fixture.Disk.OperationCount + _random.Next(1, 250);
            try
            {
                while (true)
                    Step();
            }
            catch (SimulatedCrashException)
            {
                Crashes++;
                Restart();
            }
        }
    }

    public void Dispose() => _fixture.Dispose();

    private static LogConfig ConfigOf(TopicPartition partition) =>
        StorageFixture.Small with { Compact = partition.Topic == "compacted", Delete = partition.Topic == "plain", FileDeleteDelayMs = 1 };

    private void Restart()
    {
        while (true)
        {
            _manager.Dispose();
            _fixture.Disk.Crash();
            foreach (var partition in Partitions.Where(p => _fixture.Disk.DirectoryExists($"/data/{p}")))
                Trace.Add($"crash {Crashes}: {partition} holds {string.Join(", ", _fixture.Disk.List($"/data/{partition}").Select(static e => $"{e.Name}:{e.Length}"))}");
            if (_random.Next(4) == 0)
                _fixture.Disk.CrashAtOperation = _fixture.Disk.OperationCount + _random.Next(1, 40);
            try
            {
                Start();
                break;
            }
            catch (SimulatedCrashException)
            {
                Crashes++;
            }
        }

        _fixture.Disk.CrashAtOperation = null;
        foreach (var partition in Partitions)
            Verify(partition);
    }

    private void Start()
    {
        _fixture.NewServices();
        _manager = _fixture.NewManager();
        _manager.Startup(p => ConfigOf(p));
        if (_manager.Directories[0].State.Failure is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
        foreach (var partition in Partitions)
        {
            var log = _manager.GetOrCreateLog(partition, StorageFixture.TopicId, ConfigOf(partition));
            log.UpdateHighWatermark(log.LogEndOffset);
        }

        _epoch++;
    }

    private void Verify(TopicPartition partition)
    {
        var log = _manager.GetLog(partition)!;
        var model = _models[partition];
        Invariants.Check(log, model);
        // What is left is what the log goes on from, and it is on the platter.
        var left = Invariants.ReadAll(log);
        model.Batches.Clear();
        model.Batches.AddRange(left);
        model.InFlight.Clear();
        model.Floor = log.LogEndOffset;
        model.LogStartOffset = log.LogStartOffset;
        model.DurableOffset = log.LogEndOffset;
        foreach (var producer in log.ActiveProducers())
            _sequences[(partition, producer.ProducerId)] = producer.LastSequence + 1;
        foreach (var key in _sequences.Keys.Where(k => k.Item1 == partition).ToArray())
        {
            if (!log.ActiveProducers().Any(p => p.ProducerId == key.Item2))
                _sequences.Remove(key);
        }

        log.UpdateHighWatermark(log.LogEndOffset);
    }

    private void Step()
    {
        var partition = Partitions[_random.Next(Partitions.Length)];
        var log = _manager.GetLog(partition) ?? throw new InvalidOperationException("no log", _manager.Directories[0].State.Failure);
        var model = _models[partition];
        Trace.Add($"{partition}: start {log.LogStartOffset}, end {log.LogEndOffset}, flushed {log.FlushedOffset}, recovery point {log.RecoveryPoint}, segments {string.Join(',', log.Segments.Select(static s => $"{s.BaseOffset}:{s.Size}"))}");
        switch (_random.Next(20))
        {
            case < 11: Append(log, model, partition); break;
            case < 15: Flush(log, model); break;
            case 15: log.Roll(); break;
            case 16: Truncate(log, model, partition); break;
            case 17: Delete(log, model); break;
            case 18: _manager.Checkpoint(); break;
            default: Idle(); break;
        }
    }

    private void Idle()
    {
        if (_random.Next(4) == 0)
        {
            _manager.Shutdown(_epoch);
            foreach (var model in _models.Values)
                model.DurableOffset = model.LogEndOffset;
            Start();
            return;
        }

        if (_random.Next(3) == 0)
            _epoch++;
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 5)));
    }

    private void Append(UnifiedLog log, ModelLog model, TopicPartition partition)
    {
        var timestamp = _fixture.Time.NowMs + _random.Next(-50, 50);
        var values = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => $"{partition}-{_unique++}-{new string('x', _random.Next(60))}").ToArray();
        var producer = (long)_random.Next(4);
        Memory<byte> batch;
        var origin = AppendOrigin.Client;
        if (producer == 0)
        {
            batch = Batches.At(timestamp, values);
        }
        else if (producer == 3 && _random.Next(3) == 0 && log.ActiveProducers().Any(static p => p.ProducerId == 3))
        {
            batch = Batches.Marker(_random.Next(2) == 0, 3, 0, timestamp);
            origin = AppendOrigin.Coordinator;
        }
        else
        {
            var sequence = _sequences.GetValueOrDefault((partition, producer));
            batch = Batches.Idempotent(producer, 0, sequence, producer == 3, timestamp, values);
            _sequences[(partition, producer)] = sequence + values.Length;
        }

        // The log stamps the batch in place before it writes: what it writes is what must be read back.
        var expected = batch.ToArray();
        Barnabas.Protocol.Records.RecordBatchMutator.SetBaseOffset(expected, model.LogEndOffset);
        Barnabas.Protocol.Records.RecordBatchMutator.SetPartitionLeaderEpoch(expected, _epoch);
        model.InFlight.Add(new ModelBatch(expected));
        var info = log.AppendAsLeader(batch, _epoch, origin);
        model.InFlight.Clear();
        if (info.FirstOffset != model.LogEndOffset)
            throw new InvariantViolation($"NoGap: append got offset {info.FirstOffset}, expected {model.LogEndOffset}");
        model.Batches.Add(new ModelBatch(expected));
        log.UpdateHighWatermark(log.LogEndOffset);
    }

    private static void Flush(UnifiedLog log, ModelLog model)
    {
        var task = log.FlushAsync(log.LogEndOffset);
        if (!task.IsCompleted)
            throw new InvalidOperationException("inline workers flush at once");
        if (task.Exception is { } failure)
            throw failure.InnerException!;
        model.DurableOffset = model.LogEndOffset;
    }

    private void Truncate(UnifiedLog log, ModelLog model, TopicPartition partition)
    {
        if (model.Batches.Count == 0)
            return;
        var at = model.Batches[_random.Next(Math.Max(0, model.Batches.Count - 6), model.Batches.Count)].BaseOffset;
        if (at < log.LogStartOffset)
            return;
        // While it runs, what goes is no longer promised.
        model.DurableOffset = Math.Min(model.DurableOffset, at);
        log.TruncateTo(at);
        model.Floor = at;
        model.Truncate(at);
        foreach (var key in _sequences.Keys.Where(k => k.Item1 == partition).ToArray())
            _sequences.Remove(key);
        foreach (var producer in log.ActiveProducers())
            _sequences[(partition, producer.ProducerId)] = producer.LastSequence + 1;
    }

    private void Delete(UnifiedLog log, ModelLog model)
    {
        if (model.Batches.Count == 0)
            return;
        var offset = model.Batches[_random.Next(model.Batches.Count)].BaseOffset;
        log.MaybeIncrementLogStartOffset(offset);
        log.DeleteOldSegments();
        model.LogStartOffset = log.LogStartOffset;
    }
}
