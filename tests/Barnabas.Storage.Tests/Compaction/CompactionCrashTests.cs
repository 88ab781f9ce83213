using System.Diagnostics;
using System.Globalization;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Simulation;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests.Compaction;

/// <summary>A compacted log under random appends, transactions and compactions, with the power cut at random changes, also while it recovers.</summary>
public sealed class CompactionCrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    [Fact]
    public void Whatever_a_crash_leaves_each_key_has_its_last_value()
    {
        if (Environment.GetEnvironmentVariable("BARNABAS_SEED") is { Length: > 0 } text)
        {
            Run(int.Parse(text, CultureInfo.InvariantCulture));
            return;
        }
        var clock = Stopwatch.StartNew();
        var seeds = 0;
        var crashes = 0;
        for (; seeds < 1000 && clock.Elapsed < Budget; seeds++)
            crashes += Run(seeds);
        output.WriteLine($"{crashes} crash points over {seeds} seeds in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(crashes >= 100, $"only {crashes} crash points in {clock.Elapsed}");
    }

    private static int Run(int seed)
    {
        using var simulation = new Simulation(seed);
        try
        {
            simulation.Run(crashes: 5);
            return simulation.Crashes;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, crash {simulation.Crashes} (replay with BARNABAS_SEED={seed}): {e.Message}\n{string.Join('\n', simulation.Trace.TakeLast(30))}", e);
        }
    }

    private sealed class Simulation(int seed) : IDisposable
    {
        private static readonly LogConfig Config = StorageFixture.Small with
        {
            Compact = true,
            Delete = false,
            MinCleanableRatio = 0,
            DeleteRetentionMs = 20,
            FileDeleteDelayMs = 1,
            SegmentBytes = 700,
        };

        private readonly Random _random = new(seed);
        private readonly StorageFixture _fixture = new(seed);
        private readonly List<Step> _history = [];
        private readonly Dictionary<long, int> _sequences = [];
        private LogManager _manager = null!;
        private UnifiedLog _log = null!;
        private long _durable;
        private int _unique;

        public int Crashes { get; private set; }

        public List<string> Trace { get; } = [];

        public void Run(int crashes)
        {
            Start();
            while (Crashes < crashes)
            {
                _fixture.Disk.CrashAtOperation = _fixture.Disk.OperationCount + _random.Next(1, 400);
                try
                {
                    while (true)
                        Next();
                }
                catch (SimulatedCrashException)
                {
                    Crashes++;
                    Restart();
                }
            }
        }

        public void Dispose() => _fixture.Dispose();

        private void Next()
        {
            switch (_random.Next(12))
            {
                case < 6: Append(); break;
                case 6: EndTransaction(); break;
                case 7: _log.Roll(); break;
                case 8:
                    Trace.Add("flush");
                    if (_log.FlushAsync(_log.LogEndOffset).Exception is { } failure)
                        throw failure.InnerException!;
                    _durable = _log.LogEndOffset;
                    break;
                case 9: _manager.Checkpoint(); break;
                case 10: _fixture.Time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 15))); break;
                default:
                    Trace.Add($"clean: {string.Join(' ', _log.Segments.Select(s => $"{s.BaseOffset}:{s.Size}"))}");
                    if (_manager.Cleaner.CleanFilthiest())
                        Trace.Add($"cleaned: {string.Join(' ', _log.Segments.Select(s => $"{s.BaseOffset}:{s.Size}"))}");
                    if (_manager.Directories[0].State.Failure is { } failed)
                        throw failed;
                    Verify();
                    break;
            }
        }

        private void Append()
        {
            var producer = (long)_random.Next(3);
            var records = Enumerable.Range(0, _random.Next(1, 4))
                .Select(_ => ((string?)$"k{_random.Next(8)}", _random.Next(5) == 0 ? null : $"v{_unique++}-{new string('x', _random.Next(40))}")).ToArray();
            var options = producer == 0 ? RecordBatchOptions.Default
                : new RecordBatchOptions { ProducerId = producer, ProducerEpoch = 0, BaseSequence = _sequences.GetValueOrDefault(producer), IsTransactional = producer == 2 };
            Do(new Step(_log.LogEndOffset, _log.LogEndOffset + records.Length, producer, producer == 2, null, records), KeyedLog.Batch(options, _fixture.Time.NowMs, records), AppendOrigin.Client);
            if (producer > 0)
                _sequences[producer] = options.BaseSequence + records.Length;
        }

        private void EndTransaction()
        {
            if (!_log.ActiveProducers().Any(p => p.ProducerId == 2))
                return;
            var isCommit = _random.Next(2) == 0;
            Do(new Step(_log.LogEndOffset, _log.LogEndOffset + 1, 2, true, isCommit, []), Batches.Marker(isCommit, 2, 0, _fixture.Time.NowMs), AppendOrigin.Coordinator);
        }

        private void Do(Step step, Memory<byte> batch, AppendOrigin origin)
        {
            Trace.Add($"append {step.From}: producer {step.Producer} {step.IsCommit} {string.Join(',', step.Records)}");
            // Noted first: a crash within may leave it or not.
            _history.Add(step);
            KeyedLog.Append(_log, batch, origin);
        }

        private void Restart()
        {
            while (true)
            {
                _manager.Dispose();
                _fixture.Disk.Crash();
                Trace.Add($"crash: {string.Join(", ", _fixture.Disk.List("/data/t-0").Select(e => $"{e.Name}:{e.Length}"))}");
                if (_random.Next(3) == 0)
                    _fixture.Disk.CrashAtOperation = _fixture.Disk.OperationCount + _random.Next(1, 60);
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
            Assert.True(_log.LogEndOffset >= _durable, $"the log ends at {_log.LogEndOffset}, flushed was {_durable}");
            _history.RemoveAll(s => s.To > _log.LogEndOffset);
            _durable = _log.LogEndOffset;
            Verify();
            _sequences.Clear();
            foreach (var producer in _log.ActiveProducers())
                _sequences[producer.ProducerId] = producer.LastSequence + 1;
        }

        private void Start()
        {
            _fixture.NewServices();
            _manager = _fixture.NewManager(Config);
            _manager.Startup(_ => Config);
            if (_manager.Directories[0].State.Failure is { } failure)
                throw failure;
            _log = _manager.GetOrCreateLog(StorageFixture.Partition, StorageFixture.TopicId, Config);
            _log.UpdateHighWatermark(_log.LogEndOffset);
        }

        private void Verify()
        {
            var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var stable = _log.LastStableOffset;
            for (var i = 0; i < _history.Count; i++)
            {
                var step = _history[i];
                if (step.From >= stable || (step.IsTransactional && Outcome(i) != true))
                    continue;
                foreach (var (key, value) in step.Records)
                {
                    if (value is null)
                        expected.Remove(key!);
                    else
                        expected[key!] = value;
                }
            }
            Assert.Equal(expected, KeyedLog.State(_log));
            AssertOrdered();
            foreach (var producer in _log.ActiveProducers().Where(p => p.LastSequence >= 0))
            {
                var written = _history.Where(s => s.Producer == producer.ProducerId).Sum(s => s.Records.Length);
                Assert.Equal(written - 1, producer.LastSequence);
            }
        }

        private bool? Outcome(int index) => _history.Skip(index).FirstOrDefault(s => s.Producer == 2 && s.IsCommit is not null)?.IsCommit;

        private void AssertOrdered()
        {
            var last = -1L;
            foreach (var bytes in KeyedLog.Batches(_log))
            {
                var batch = new RecordBatch(bytes);
                Assert.True(batch.BaseOffset > last && batch.IsValidCrc(), $"batch {batch.BaseOffset} after {last}");
                last = batch.LastOffset;
            }
            Assert.Equal(_log.LogEndOffset, Math.Max(_log.LogEndOffset, last + 1));
        }

        private sealed record Step(long From, long To, long Producer, bool IsTransactional, bool? IsCommit, (string? Key, string? Value)[] Records);
    }
}
