using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Transactions;

/// <summary>kafka-transactions abort: ends a hanging transaction in one partition.</summary>
internal sealed class AbortCommand
{
    private readonly Argument _topic;
    private readonly Argument _partition;
    private readonly Argument _startOffset;
    private readonly Argument _producerId;
    private readonly Argument _producerEpoch;
    private readonly Argument _coordinatorEpoch;

    public AbortCommand(ArgumentParser parser)
    {
        Command = parser.Command("abort", "abort a hanging transaction (requires administrative privileges)");
        _topic = Command.Value("--topic", "topic name", required: true);
        _partition = Command.Value("--partition", "partition number", required: true, type: ArgumentType.Integer);
        _startOffset = Command.Value("--start-offset", "start offset of the transaction to abort", type: ArgumentType.Long);
        _producerId = Command.Value("--producer-id", "producer id", type: ArgumentType.Long);
        _producerEpoch = Command.Value("--producer-epoch", "producer epoch", type: ArgumentType.Short);
        _coordinatorEpoch = Command.Value("--coordinator-epoch", "coordinator epoch", type: ArgumentType.Integer);
        Command.Sections.Add(new ArgumentSection(
            "Brokers on versions 3.0 and above", "For newer brokers, only the start offset of the transaction to be aborted is required", [_startOffset]));
        Command.Sections.Add(new ArgumentSection(
            "Brokers on versions older than 3.0", "For older brokers, you must provide all of these arguments", [_producerId, _producerEpoch, _coordinatorEpoch]));
    }

    public ArgumentParser Command { get; }

    public async Task RunAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        if (!call.Has(_startOffset) && !call.Has(_producerId))
        {
            throw new VerbException(
                "The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with "
                + "--producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)");
        }

        var partition = new TopicPartition(call.Required(_topic), call.IntOf(_partition));
        var (producerId, producerEpoch, coordinatorEpoch) = call.Has(_startOffset)
            ? await FindAsync(context, admin, partition, call.LongOf(_startOffset))
            : Read(call);
        try
        {
            await admin.AbortTransactionAsync(partition, producerId, producerEpoch, coordinatorEpoch, cancellationToken: context.Stop);
        }
        catch (KafkaException error)
        {
            throw TransactionsVerb.Failed(
                "Failed to abort transaction AbortTransactionSpec("
                + $"topicPartition={partition}, producerId={producerId}, producerEpoch={producerEpoch}, coordinatorEpoch={coordinatorEpoch})", error);
        }
    }

    private (long ProducerId, short ProducerEpoch, int CoordinatorEpoch) Read(ArgumentSet call)
    {
        if (!call.Has(_producerEpoch))
            throw new VerbException("Missing required argument --producer-epoch");
        if (!call.Has(_coordinatorEpoch))
            throw new VerbException("Missing required argument --coordinator-epoch");
        // A producer whose first transaction hangs has had no marker: any coordinator's epoch will do.
        return (call.LongOf(_producerId), (short)call.IntOf(_producerEpoch), Math.Max(0, call.IntOf(_coordinatorEpoch)));
    }

    private static async Task<(long ProducerId, short ProducerEpoch, int CoordinatorEpoch)> FindAsync(
        VerbContext context, AdminClient admin, TopicPartition partition, long startOffset)
    {
        var outcome = (await admin.DescribeProducersAsync([partition], cancellationToken: context.Stop))[partition];
        if (outcome.Error is { } error)
            throw TransactionsVerb.Failed($"Failed to validate producer state for partition {partition}", error);
        var found = outcome.Value.FirstOrDefault(producer => producer.CurrentTransactionStartOffset == startOffset)
            ?? throw new VerbException($"Could not find any open transactions starting at offset {startOffset} on partition {partition}");
        return (found.ProducerId, (short)found.ProducerEpoch, found.CoordinatorEpoch ?? 0);
    }
}
