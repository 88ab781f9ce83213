using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Transactions;

/// <summary>kafka-transactions: shows transactions and producers, finds and ends those that hang.</summary>
internal sealed class TransactionsVerb : Verb
{
    private readonly ArgumentParser _parser = new(
        "kafka-transactions.sh",
        "This tool is used to analyze the transactional state of producers in the cluster. It can be used to detect and recover from hanging transactions.")
    {
        ShowsDefaults = false,
        CommandsTitle = "commands",
        CommandsMetavar = "COMMAND",
    };

    private readonly Argument _commandConfig;
    private readonly Argument _bootstrapServer;
    private readonly ArgumentParser _list;
    private readonly Argument _listDuration;
    private readonly Argument _listPattern;
    private readonly ArgumentParser _describe;
    private readonly Argument _describeId;
    private readonly ArgumentParser _producers;
    private readonly Argument _producersBroker;
    private readonly Argument _producersTopic;
    private readonly Argument _producersPartition;
    private readonly AbortCommand _abort;
    private readonly FindHangingCommand _findHanging;
    private readonly ArgumentParser _terminate;
    private readonly Argument _terminateId;

    public TransactionsVerb()
    {
        _parser.Version("-v/--version", "show the version of this Kafka distribution and exit");
        _commandConfig = _parser.Value("--command-config", "property file containing configs to be passed to admin client", metavar: "FILE");
        _bootstrapServer = _parser.Value("--bootstrap-server", "hostname and port for the broker to connect to, in the form `host:port`  (multiple comma-separated entries can be given)", required: true, metavar: "host:port");
        _list = _parser.Command("list", "list transactions").WithJson();
        _listDuration = _list.Value("--duration-filter", "Duration (in millis) to filter by: if < 0, all transactions will be returned; otherwise, only transactions running longer than this duration will be returned", type: ArgumentType.Long);
        _listPattern = _list.Value("--transactional-id-pattern", "Transactional id regular expression pattern to filter by");
        _describe = _parser.Command("describe", "describe the state of an active transactional-id", "Describe the state of an active transactional-id.").WithJson();
        _describeId = _describe.Value("--transactional-id", "transactional id", required: true);
        _producers = _parser.Command("describe-producers", "describe the states of active producers for a topic partition").WithJson();
        _producersBroker = _producers.Value("--broker-id", "optional broker id to describe the producer state on a specific replica", type: ArgumentType.Integer);
        _producersTopic = _producers.Value("--topic", "topic name", required: true);
        _producersPartition = _producers.Value("--partition", "partition number", required: true, type: ArgumentType.Integer);
        _abort = new AbortCommand(_parser);
        _findHanging = new FindHangingCommand(_parser);
        _terminate = _parser.Command("forceTerminateTransaction", "Force abort an ongoing transaction on transactionalId (requires administrative privileges)", "Force abort an ongoing transaction on transactionalId");
        _terminateId = _terminate.Value("--transactionalId", "transactional id", required: true);
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = _parser.Parse(arguments);
        context.Listing = call.AsksForJson ? new JsonListing() : null;
        if (call.ValueOf(_commandConfig) is { } config && !File.Exists(config))
            throw new VerbException($"Failed to load admin client properties: {config}. Enable debug logging for additional detail.");
        await using var admin = Clients.Admin(call.Required(_bootstrapServer), call.ValueOf(_commandConfig));
        if (call.Command == _list)
            await ListAsync(context, admin, call);
        else if (call.Command == _describe)
            await DescribeAsync(context, admin, call.Required(_describeId));
        else if (call.Command == _producers)
            await DescribeProducersAsync(context, admin, call);
        else if (call.Command == _abort.Command)
            await _abort.RunAsync(context, admin, call);
        else if (call.Command == _findHanging.Command)
            await _findHanging.RunAsync(context, admin, call);
        else
            await TerminateAsync(context, admin, call.Required(_terminateId));
        return 0;
    }

    internal static VerbException Failed(string what, Exception error) => new($"{what}: {error.Message}. Enable debug logging for additional detail.");

    internal static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task ListAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        var filter = TransactionFilter.All with
        {
            DurationMs = call.Has(_listDuration) ? call.LongOf(_listDuration) : null,
            TransactionalIdPattern = call.ValueOf(_listPattern),
        };
        try
        {
            var listings = await admin.ListTransactionsAsync(filter, cancellationToken: context.Stop);
            TransactionsTable.Print(
                context, ["TransactionalId", "Coordinator", "ProducerId", "TransactionState"],
                listings.SelectMany(node => node.Value.Select(t => (IReadOnlyList<string>)[t.TransactionalId, Text(node.Key), Text(t.ProducerId), t.State])));
        }
        catch (KafkaException error)
        {
            throw Failed("Failed to list transactions", error);
        }
    }

    private static async Task DescribeAsync(VerbContext context, AdminClient admin, string transactionalId)
    {
        var outcome = (await admin.DescribeTransactionsAsync([transactionalId], cancellationToken: context.Stop))[transactionalId];
        if (outcome.Error is { } error)
            throw Failed($"Failed to describe transaction state of transactional-id `{transactionalId}`", error);
        var found = outcome.Value;
        var nowMs = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        TransactionsTable.Print(
            context,
            [
                "CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState", "TransactionTimeoutMs", "CurrentTransactionStartTimeMs",
                "TransactionDurationMs", "TopicPartitions",
            ],
            [
                [
                    Text(found.CoordinatorId), transactionalId, Text(found.ProducerId), Text(found.ProducerEpoch), found.State, Text(found.TimeoutMs),
                    found.StartTimeMs is { } start ? Text(start) : "None", found.StartTimeMs is { } since ? Text(nowMs - since) : "None",
                    string.Join(',', found.Partitions),
                ],
            ]);
    }

    private async Task DescribeProducersAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        var partition = new TopicPartition(call.Required(_producersTopic), call.IntOf(_producersPartition));
        int? brokerId = call.Has(_producersBroker) ? call.IntOf(_producersBroker) : null;
        var outcome = (await admin.DescribeProducersAsync([partition], brokerId, cancellationToken: context.Stop))[partition];
        if (outcome.Error is { } error)
            throw Failed($"Failed to describe producers for partition {partition} on {(brokerId is { } id ? $"broker {id}" : "leader")}", error);
        TransactionsTable.Print(
            context, ["ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp", "CurrentTransactionStartOffset"],
            outcome.Value.Select(p => (IReadOnlyList<string>)
            [
                Text(p.ProducerId), Text(p.ProducerEpoch), Text(p.CoordinatorEpoch ?? -1), Text(p.LastSequence), Text(p.LastTimestamp),
                p.CurrentTransactionStartOffset is { } start ? Text(start) : "None",
            ]));
    }

    private static async Task TerminateAsync(VerbContext context, AdminClient admin, string transactionalId)
    {
        var outcome = (await admin.FenceProducersAsync([transactionalId], cancellationToken: context.Stop))[transactionalId];
        if (outcome.Error is { } error)
            throw Failed($"Failed to force terminate transactionalId `{transactionalId}`", error);
    }
}
