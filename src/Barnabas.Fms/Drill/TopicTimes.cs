using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Readings;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Fms.Drill;

/// <summary>Reads a whole topic and gives the device and time of each of its records.</summary>
internal static class TopicTimes
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Reads up to what was the end when this was called.</summary>
    /// <param name="servers">Addresses of brokers.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="isAlerts">Whether its records are the analyser's; else they are readings.</param>
    /// <param name="take">Gets device and milliseconds since 1970 of each.</param>
    /// <param name="environment">What it takes from the world.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="KafkaException">The topic cannot be read.</exception>
    public static async Task ReadAsync(IReadOnlyList<string> servers, string topic, bool isAlerts, Action<int, long> take, ClientEnvironment environment, CancellationToken stop)
    {
        await using var consumer = new Consumer<object?, object?>(
            new ConsumerOptions { BootstrapServers = servers, EnableAutoCommit = false, AutoOffsetReset = OffsetReset.Earliest }, Deserializers.Ignore, Deserializers.Ignore, environment);
        var partitions = (await consumer.PartitionsForAsync(topic, cancellationToken: stop)).Select(partition => new TopicPartition(topic, partition.Partition)).ToList();
        var ends = await consumer.EndOffsetsAsync(partitions, cancellationToken: stop);
        var open = ends.Where(end => end.Value > 0).ToDictionary();
        if (open.Count == 0)
            return;
        consumer.Assign([.. open.Keys]);
        while (open.Count > 0)
        {
            using var batches = await consumer.PollBatchesAsync(PollTimeout, stop);
            if (batches is null)
                continue;
            while (batches.MoveNext())
            {
                foreach (ref readonly var record in batches.Current.Records())
                    if (record.Offset >= batches.FirstOffset)
                        Take(record, isAlerts, take);
                if (open.TryGetValue(batches.TopicPartition, out var end) && batches.Current.NextOffset >= end)
                    open.Remove(batches.TopicPartition);
            }
        }
    }

    private static void Take(in RecordView record, bool isAlerts, Action<int, long> take)
    {
        var value = record.ValueBytes.Span;
        if (isAlerts)
        {
            if (AlertParser.TryParse(value, onlySource: false, out var alert) && Times.TryParseJson(value[alert.Time], out var time))
                take(alert.DeviceId, time);
        }
        else if (ReadingParser.TryParse(value, record.KeyBytes.Span, out var reading) && Times.TryParseJson(reading.TimeJson, out var time))
        {
            take(reading.DeviceId, time);
        }
    }
}
