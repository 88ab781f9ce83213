using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using TextConsumer = Barnabas.Client.Consumer.Sharing.ShareConsumer<string?, string?>;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>kafka-verifiable-share-consumer: reads records of a share group and tells what it read and acknowledged.</summary>
internal sealed class VerifiableShareConsumerVerb : Verb
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(5);

    private readonly VerifiableShareConsumerOptions _all = new();
    private int _acknowledged;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        _all.Parse(arguments);
        var properties = LoginFile.Complete(_all.ConsumerProperties());
        var options = ConsumerOptions.ParseShare(properties);
        var environment = ToolEnvironment.Of(context);
        var logger = environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.VerifiableShareConsumer");
        var events = new ShareConsumerEvents(new ToolEvents(context));
        events.Print("startup_complete");
        var status = 0;
        try
        {
            if (_all.OffsetReset.Length > 0)
                await SetOffsetResetAsync(context, properties, environment, events);
            await using var consumer = new TextConsumer(options, Deserializers.Utf8, Deserializers.Utf8, environment);
            consumer.AcknowledgementsCommitted = (partition, offsets, error) =>
            {
                events.PrintAcknowledged(partition, offsets, error?.Message);
                if (error is null)
                    _acknowledged += offsets.Count;
            };
            consumer.Subscribe([_all.Topic]);
            await ReadAsync(consumer, events, logger, context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // Asked to stop; what was acknowledged is sent.
        }
        catch (KafkaException error)
        {
            ToolLog.ProcessingFailed(logger, error.Message);
            status = 1;
        }

        events.Print("shutdown_complete");
        return status;
    }

    private async Task SetOffsetResetAsync(VerbContext context, IReadOnlyDictionary<string, string> properties, Client.ClientEnvironment environment, ShareConsumerEvents events)
    {
        await using var admin = new AdminClient(AdminClientOptions.Parse(properties), environment);
        var group = new ConfigResource(ConfigResourceType.Group, _all.GroupId);
        var changes = new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [group] = [new AlterConfig("share.auto.offset.reset", AlterConfigOperation.Set, _all.OffsetReset)] };
        _ = (await admin.IncrementalAlterConfigsAsync(changes, cancellationToken: context.Stop))[group].Value;
        events.PrintOffsetReset(_all.OffsetReset);
    }

    private async Task ReadAsync(TextConsumer consumer, ShareConsumerEvents events, ILogger logger, CancellationToken stop)
    {
        while (_all.MaxMessages < 0 || _acknowledged < _all.MaxMessages)
        {
            var records = await consumer.PollAsync(LongestPoll, stop);
            if (records.Count == 0)
                continue;
            events.PrintConsumed(records, _all.IsVerbose);
            if (!_all.CommitsAtOnce)
                continue;
            foreach (var (partition, error) in await consumer.CommitAsync(stop))
                if (error is not null)
                    ToolLog.AcknowledgementFailed(logger, partition.ToString());
        }
    }
}
