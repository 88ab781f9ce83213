using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Examples.Sensors;

/// <summary>
/// Reads a topic to its end and writes each row to another, marked as done, exactly once: the rows and the offsets of what was read
/// to make them count together. Whoever is started with the same transactional id goes on where this one ended, however it ended.
/// </summary>
internal static class SensorTransformer
{
    private const string Done = "done ";
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string bootstrap, string source, string target, string name, CancellationToken cancellationToken)
    {
        var environment = ClientEnvironment.ForProgram();
        await using var producer = new Producer<string?, string?>(
            ProducerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = bootstrap, ["client.id"] = name, ["transactional.id"] = name }),
            Serializers.Utf8, Serializers.Utf8, environment);
        await using var consumer = new Consumer<string?, string?>(
            ConsumerOptions.Parse(new Dictionary<string, string>
            {
                ["bootstrap.servers"] = bootstrap,
                ["client.id"] = name,
                ["group.id"] = name,
                // Started again, it takes the place that it left without waiting for the end of its session.
                ["group.instance.id"] = name,
                ["auto.offset.reset"] = "earliest",
                ["enable.auto.commit"] = "false",
                ["isolation.level"] = "read_committed",
                ["max.poll.records"] = "100",
            }),
            Deserializers.Utf8, Deserializers.Utf8, environment);

        // Ends what an earlier run left open, so that the group's offsets are the truth from here on.
        await producer.InitTransactionsAsync(cancellationToken);
        consumer.Subscribe([source]);
        var partitions = (await consumer.PartitionsForAsync(source, cancellationToken: cancellationToken)).Select(p => new TopicPartition(source, p.Partition)).ToList();
        var ends = await consumer.EndOffsetsAsync(partitions, cancellationToken: cancellationToken);
        while (!await IsDoneAsync(consumer, ends, cancellationToken))
        {
            var records = await consumer.PollAsync(PollTimeout, cancellationToken);
            if (records.Count > 0)
                await TransformAsync(producer, consumer, records, target, cancellationToken);
        }

        return 0;
    }

    private static async Task TransformAsync(
        Producer<string?, string?> producer, Consumer<string?, string?> consumer, IReadOnlyList<ConsumeResult<string?, string?>> records, string target,
        CancellationToken cancellationToken)
    {
        var next = new Dictionary<TopicPartition, OffsetAndMetadata>();
        producer.BeginTransaction();
        try
        {
            foreach (var record in records)
            {
                await producer.EnqueueAsync(new(target, record.Key, Done + record.Value), handler: null, cancellationToken: cancellationToken);
                next[record.TopicPartition] = new OffsetAndMetadata(record.Offset + 1);
            }

            await producer.SendOffsetsToTransactionAsync(next, consumer.GroupMetadata, cancellationToken);
            await producer.CommitTransactionAsync(cancellationToken);
            Console.WriteLine($"{records.Count} rows");
        }
        catch (TransactionAbortableException e)
        {
            Console.Error.WriteLine($"sensors: aborted, and tried again: {e.Message}");
            await producer.AbortTransactionAsync(cancellationToken);
            await RewindAsync(consumer, cancellationToken);
        }
    }

    /// <summary>What was read in an aborted transaction is read again.</summary>
    private static async Task RewindAsync(Consumer<string?, string?> consumer, CancellationToken cancellationToken)
    {
        foreach (var (partition, committed) in await consumer.CommittedAsync(consumer.Assignment, cancellationToken: cancellationToken))
            consumer.Seek(partition, committed?.Offset ?? 0);
    }

    private static async Task<bool> IsDoneAsync(Consumer<string?, string?> consumer, IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        var committed = await consumer.CommittedAsync([.. ends.Keys], cancellationToken: cancellationToken);
        return ends.All(end => end.Value == 0 || committed[end.Key]?.Offset >= end.Value);
    }
}
