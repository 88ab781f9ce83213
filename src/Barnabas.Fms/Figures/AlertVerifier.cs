using System.Collections;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Fms.Analysis;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Fms.Figures;

/// <summary>Reads all alerts and ticks off which reading each is about: what is missing in the end was lost.</summary>
internal sealed class AlertVerifier : IAsyncDisposable
{
    private readonly Consumer<object?, object?> _consumer;
    private readonly TimeProvider _time;
    private readonly BitArray[] _seen;
    private long _once;
    private long _twice;

    /// <param name="servers">Addresses of brokers.</param>
    /// <param name="topic">The topic of the alerts.</param>
    /// <param name="partitions">How many partitions it and the readings' topic have.</param>
    /// <param name="mostReadings">No partition has more readings than this.</param>
    /// <param name="environment">What it takes from the world.</param>
    public AlertVerifier(IReadOnlyList<string> servers, string topic, int partitions, int mostReadings, ClientEnvironment environment)
    {
        _time = environment.Time;
        _seen = [.. Enumerable.Range(0, partitions).Select(_ => new BitArray(mostReadings))];
        _consumer = new Consumer<object?, object?>(
            new ConsumerOptions { BootstrapServers = servers, ClientId = "fms-verifier", EnableAutoCommit = false, AutoOffsetReset = OffsetReset.Earliest },
            Deserializers.Ignore,
            Deserializers.Ignore,
            environment);
        _consumer.Assign([.. Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition))]);
    }

    /// <summary>Readings whose alert came.</summary>
    public long Once => _once;

    /// <summary>Alerts that came again.</summary>
    public long Twice => _twice;

    /// <summary>From a reading's sending to its alert here.</summary>
    public LatencyHistogram Delays { get; private set; } = new();

    /// <summary>Forgets the delays so far.</summary>
    public void ForgetDelays() => Delays = new LatencyHistogram();

    /// <summary>Reads until the alerts of so many readings have come in all, or none comes for a while.</summary>
    public async Task ReadAsync(long readings, TimeSpan patience, CancellationToken stop)
    {
        var last = _time.GetTimestamp();
        while (_once < readings && _time.GetElapsedTime(last) < patience)
        {
            using var batches = await _consumer.PollBatchesAsync(TimeSpan.FromMilliseconds(500), stop);
            if (batches is null)
                continue;
            last = _time.GetTimestamp();
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (batches.MoveNext())
                foreach (ref readonly var record in batches.Current.Records())
                    if (record.Offset >= batches.FirstOffset)
                        Take(record, now);
        }
    }

    public ValueTask DisposeAsync() => _consumer.DisposeAsync();

    private void Take(in RecordView record, long now)
    {
        if (!AlertParser.TryParse(record.ValueBytes.Span, onlySource: true, out var alert) || alert.SourceOffset < 0)
            return;
        var seen = _seen[alert.SourcePartition];
        if (seen[(int)alert.SourceOffset])
        {
            _twice++;
            return;
        }

        seen[(int)alert.SourceOffset] = true;
        _once++;
        Delays.Add(now - record.Timestamp);
    }
}
