using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Transactions;

/// <summary>kafka-transactions find-hanging: open transactions in partitions that no coordinator is going to end.</summary>
internal sealed class FindHangingCommand
{
    private const int BatchSize = 500;

    private readonly Argument _broker;
    private readonly Argument _maxTimeout;
    private readonly Argument _topic;
    private readonly Argument _partition;

    public FindHangingCommand(ArgumentParser parser)
    {
        Command = parser.Command("find-hanging", "find hanging transactions").WithJson();
        _broker = Command.Value("--broker-id", "broker id to search for hanging transactions", type: ArgumentType.Integer);
        _maxTimeout = Command.Value("--max-transaction-timeout", "maximum transaction timeout in minutes to limit the scope of the search (15 minutes by default)", defaultValue: "15", type: ArgumentType.Integer);
        _topic = Command.Value("--topic", "topic name to limit search to (required if --partition is specified)");
        _partition = Command.Value("--partition", "partition number", type: ArgumentType.Integer);
    }

    public ArgumentParser Command { get; }

    public async Task RunAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        if (!call.Has(_topic) && !call.Has(_broker))
            throw new VerbException("The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search");
        if (call.Has(_partition) && !call.Has(_topic))
            throw new VerbException("The --partition argument requires --topic to be provided");
        int? broker = call.Has(_broker) ? call.IntOf(_broker) : null;
        var nowMs = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            var partitions = await PartitionsAsync(context, admin, call, broker);
            var open = await OpenAsync(context, admin, partitions, broker, nowMs - TimeSpan.FromMinutes(call.IntOf(_maxTimeout)).Ticks / TimeSpan.TicksPerMillisecond);
            Print(context, nowMs, open.Count == 0 ? open : await HangingAsync(context, admin, open));
        }
        catch (KafkaException error)
        {
            throw TransactionsVerb.Failed("Failed to find hanging transactions", error);
        }
    }

    private async Task<List<TopicPartition>> PartitionsAsync(VerbContext context, AdminClient admin, ArgumentSet call, int? broker)
    {
        if (call.Has(_partition))
            return [new TopicPartition(call.Required(_topic), call.IntOf(_partition))];
        var topics = call.ValueOf(_topic) is { } topic
            ? [topic]
            : (await admin.ListTopicsAsync(includeInternal: true, cancellationToken: context.Stop)).Select(listing => listing.Name).ToList();
        var partitions = new List<TopicPartition>();
        foreach (var batch in topics.Chunk(BatchSize))
        {
            foreach (var (name, outcome) in await admin.DescribeTopicsAsync(batch, cancellationToken: context.Stop))
            {
                partitions.AddRange(outcome.Value.Partitions
                    .Where(partition => broker is not { } id || partition.Replicas.Any(replica => replica.Id == id))
                    .Select(partition => new TopicPartition(name, partition.Partition)));
            }
        }

        return partitions;
    }

    private static async Task<List<OpenTransaction>> OpenAsync(
        VerbContext context, AdminClient admin, List<TopicPartition> partitions, int? broker, long writtenBeforeMs)
    {
        var open = new List<OpenTransaction>();
        foreach (var batch in partitions.Chunk(BatchSize))
        {
            foreach (var (partition, outcome) in await admin.DescribeProducersAsync(batch, broker, cancellationToken: context.Stop))
            {
                open.AddRange(outcome.Value
                    .Where(producer => producer.CurrentTransactionStartOffset is not null && producer.LastTimestamp < writtenBeforeMs)
                    .Select(producer => new OpenTransaction(partition, producer)));
            }
        }

        return open;
    }

    /// <summary>A transaction hangs when its producer has no transactional id any more, or its coordinator does not know the partition.</summary>
    private static async Task<List<OpenTransaction>> HangingAsync(VerbContext context, AdminClient admin, List<OpenTransaction> open)
    {
        var listings = await admin.ListTransactionsAsync(
            TransactionFilter.All with { ProducerIds = [.. open.Select(t => t.Producer.ProducerId).Distinct()] }, cancellationToken: context.Stop);
        var idOf = new Dictionary<long, string>();
        foreach (var listing in listings.Values.SelectMany(all => all))
            idOf[listing.ProducerId] = listing.TransactionalId;
        var descriptions = await admin.DescribeTransactionsAsync([.. idOf.Values.Distinct()], cancellationToken: context.Stop);
        return open.FindAll(transaction =>
            !idOf.TryGetValue(transaction.Producer.ProducerId, out var id)
            || descriptions[id].Error is { ErrorCode: ErrorCode.TransactionalIdNotFound }
            || !descriptions[id].Value.Partitions.Contains(transaction.Partition));
    }

    private static void Print(VerbContext context, long nowMs, List<OpenTransaction> hanging) => TransactionsTable.Print(
        context, ["Topic", "Partition", "ProducerId", "ProducerEpoch", "CoordinatorEpoch", "StartOffset", "LastTimestamp", "Duration(min)"],
        hanging.Select(t => (IReadOnlyList<string>)
        [
            t.Partition.Topic, TransactionsVerb.Text(t.Partition.Partition), TransactionsVerb.Text(t.Producer.ProducerId), TransactionsVerb.Text(t.Producer.ProducerEpoch),
            TransactionsVerb.Text(t.Producer.CoordinatorEpoch ?? -1), TransactionsVerb.Text(t.Producer.CurrentTransactionStartOffset ?? -1),
            TransactionsVerb.Text(t.Producer.LastTimestamp), TransactionsVerb.Text((nowMs - t.Producer.LastTimestamp) / 60_000),
        ]));

    private sealed record OpenTransaction(TopicPartition Partition, ActiveProducer Producer);
}
