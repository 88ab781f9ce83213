using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using TextConsumer = Barnabas.Client.Consumer.Consumer<string?, string?>;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>kafka-verifiable-consumer: reads records and tells what it read and committed.</summary>
internal sealed class VerifiableConsumerVerb : Verb
{
    private readonly VerifiableConsumerOptions _all = new();
    private int _consumed;

    private bool IsFinished => _all.MaxMessages >= 0 && _consumed >= _all.MaxMessages;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        _all.Parse(arguments, context.Out);
        var options = ConsumerOptions.Parse(LoginFile.Complete(_all.ConsumerProperties()));
        var environment = ToolEnvironment.Of(context);
        var events = new ConsumerEvents(new ToolEvents(context));
        var status = 0;
        var isTold = 0;
        void TellRequested()
        {
            if (Interlocked.Exchange(ref isTold, 1) == 0)
                events.Print("shutdown_requested");
        }

        await using (context.Stop.Register(TellRequested))
        {
            try
            {
                await using var consumer = new TextConsumer(options, Deserializers.Utf8, Deserializers.Utf8, environment);
                events.Print("startup_complete");
                consumer.Subscribe([_all.Topic], events);
                await ReadAsync(consumer, events, context.Stop);
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                // Asked to stop, which the events tell.
            }
            catch (KafkaException error)
            {
                ToolLog.ProcessingFailed(environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.VerifiableConsumer"), error.Message);
                status = 1;
            }

            events.Print("shutdown_complete");
            TellRequested();
        }

        return status;
    }

    private async Task ReadAsync(TextConsumer consumer, ConsumerEvents events, CancellationToken stop)
    {
        while (!IsFinished)
        {
            var records = await consumer.PollAsync(Timeout.InfiniteTimeSpan, stop);
            var offsets = Take(records, events);
            if (!_all.CommitsByClock)
                await CommitAsync(consumer, offsets, events, stop);
        }
    }

    private Dictionary<TopicPartition, OffsetAndMetadata> Take(IReadOnlyList<ConsumeResult<string?, string?>> records, ConsumerEvents events)
    {
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata>();
        var summaries = new List<(TopicPartition, int, long, long)>();
        foreach (var group in records.GroupBy(record => record.TopicPartition))
        {
            if (IsFinished)
                break;
            var taken = _all.MaxMessages >= 0 ? group.Take(_all.MaxMessages - _consumed).ToList() : group.ToList();
            offsets[group.Key] = new OffsetAndMetadata(taken[^1].Offset + 1);
            summaries.Add((group.Key, taken.Count, taken[0].Offset, taken[^1].Offset));
            if (_all.IsVerbose)
                taken.ForEach(events.PrintRecord);
            _consumed += taken.Count;
        }

        events.PrintConsumed(records.Count, summaries);
        return offsets;
    }

    private static async Task CommitAsync(TextConsumer consumer, Dictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerEvents events, CancellationToken stop)
    {
        string? error = null;
        try
        {
            await consumer.CommitAsync(offsets, cancellationToken: stop);
        }
        catch (KafkaException failure) when (failure.ErrorCode != ErrorCode.FencedInstanceId)
        {
            error = failure.Message;
        }

        events.PrintCommitted(offsets, error);
    }
}
