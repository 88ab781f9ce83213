using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsoleConsumer;
using Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;
using Barnabas.Client.Consumer;
using Barnabas.Client.Consumer.Sharing;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using BytesConsumer = Barnabas.Client.Consumer.Sharing.ShareConsumer<byte[]?, byte[]?>;

namespace Barnabas.Cli.Verbs.ConsoleShareConsumer;

/// <summary>kafka-console-share-consumer: prints the records that a share group gives to this member.</summary>
internal sealed class ConsoleShareConsumerVerb : Verb
{
    private const int StoppedStatus = 130;

    private readonly ConsoleShareConsumerOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var environment = ToolEnvironment.Of(context);
        var logger = environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.consumer.ConsoleShareConsumer");
        var formatter = MessageFormatters.Create(options.Required(_all.Formatter), _all.FormatterProperties(options), logger);
        var consumerOptions = ConsumerOptions.ParseShare(LoginFile.Complete(_all.ConsumerProperties(options)));
        await context.Out.FlushAsync();
        var printer = new RecordPrinter(context, formatter, logger, options.IntOrNull(_all.MaxMessages), options.Has(_all.RejectOnError));
        try
        {
            // Disposal sends the acknowledgements, and gives back what was not printed.
            await using var consumer = new BytesConsumer(consumerOptions, Deserializers.ByteArray, Deserializers.ByteArray, environment);
            consumer.Subscribe([_all.Topic(options)]);
            return await ReadAsync(context, consumer, printer, options, logger);
        }
        finally
        {
            context.Error.WriteLine($"Processed a total of {printer.Count} messages");
            if (options.Has(_all.SystestEvents))
                context.Out.WriteLine("shutdown_complete");
        }
    }

    private async Task<int> ReadAsync(VerbContext context, BytesConsumer consumer, RecordPrinter printer, OptionSet options, ILogger logger)
    {
        var type = _all.AcknowledgeType(options);
        var timeout = options.Has(_all.TimeoutMs) && options.IntOf(_all.TimeoutMs) is >= 0 and var ms ? TimeSpan.FromMilliseconds(ms) : Timeout.InfiniteTimeSpan;
        try
        {
            while (!printer.IsDone)
            {
                var records = await consumer.PollAsync(timeout, context.Stop);
                if (records.Count == 0)
                {
                    ToolLog.Terminating(logger, "");
                    context.Error.WriteLine("org.apache.kafka.common.errors.TimeoutException");
                    return 0;
                }

                foreach (var record in records)
                {
                    consumer.Acknowledge(record, Print(printer, record, options.Has(_all.RejectOnError), logger) ? type : AcknowledgeType.Reject);
                    if (printer.IsDone)
                        break;
                }

                printer.Flush();
            }

            return 0;
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return StoppedStatus;
        }
        catch (KafkaException error)
        {
            ToolLog.Terminating(logger, error.Message);
            return 1;
        }
        finally
        {
            printer.Flush();
        }
    }

    private static bool Print(RecordPrinter printer, in ShareConsumeResult<byte[]?, byte[]?> record, bool rejectsErrors, ILogger logger)
    {
        try
        {
            printer.Print(new PrintableRecord(record));
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Deserializers meet whatever bytes a producer sent.
            if (!rejectsErrors)
                throw new VerbException($"Error processing message of {record.Record.TopicPartition} at offset {record.Record.Offset}: {error.Message}");
            ToolLog.Rejecting(logger, error.Message);
            return false;
        }
    }
}
