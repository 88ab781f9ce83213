using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using BatchConsumer = Barnabas.Client.Consumer.Consumer<object?, object?>;

namespace Barnabas.Cli.Verbs.ConsoleConsumer;

/// <summary>kafka-console-consumer: prints the records of topics.</summary>
internal sealed class ConsoleConsumerVerb : Verb
{
    private const int StoppedStatus = 130;

    private readonly ConsoleConsumerOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var environment = ToolEnvironment.Of(context);
        var logger = environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.consumer.ConsoleConsumer");
        var formatter = MessageFormatters.Create(options.Required(_all.Formatter), _all.FormatterProperties(options), logger);
        var consumerOptions = ConsumerOptions.Parse(LoginFile.Complete(_all.ConsumerProperties(options)));
        await context.Out.FlushAsync();
        var printer = new RecordPrinter(context, formatter, logger, options.IntOrNull(_all.MaxMessages), options.Has(_all.SkipOnError));
        var status = 0;
        try
        {
            await using var consumer = new BatchConsumer(consumerOptions, Deserializers.Ignore, Deserializers.Ignore, environment);
            Subscribe(consumer, options);
            status = await ReadAsync(context, consumer, printer, Timeout(options), logger);
        }
        finally
        {
            context.Error.WriteLine($"Processed a total of {printer.Count} messages");
            if (options.Has(_all.SystestEvents))
                context.Out.WriteLine("shutdown_complete");
        }

        return status;
    }

    private static async Task<int> ReadAsync(VerbContext context, BatchConsumer consumer, RecordPrinter printer, TimeSpan timeout, ILogger logger)
    {
        try
        {
            while (!printer.IsDone)
            {
                using (var batches = await consumer.PollBatchesAsync(timeout, context.Stop))
                {
                    if (batches is null)
                    {
                        ToolLog.Terminating(logger, "");
                        context.Error.WriteLine("org.apache.kafka.common.errors.TimeoutException");
                        return 0;
                    }

                    printer.Print(batches);
                }

                // Offsets are committed up to what was printed, and no further.
                if (printer.StoppedAt is { } next)
                    consumer.Seek(next.Partition, next.Offset);
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
    }

    private void Subscribe(BatchConsumer consumer, OptionSet options)
    {
        if (options.Has(_all.Include))
        {
            consumer.Subscribe(Pattern(options.Required(_all.Include)));
            return;
        }

        var topic = options.Required(_all.Topic);
        if (!options.Has(_all.Partition))
        {
            consumer.Subscribe([topic]);
            return;
        }

        var partition = new TopicPartition(topic, options.IntOf(_all.Partition));
        consumer.Assign([partition]);
        switch (_all.Offset(options))
        {
            case ConsoleConsumerOptions.Earliest:
                consumer.SeekToBeginning(partition);
                break;
            case ConsoleConsumerOptions.Latest:
                consumer.SeekToEnd(partition);
                break;
            case var offset:
                consumer.Seek(partition, offset);
                break;
        }
    }

    private static Regex Pattern(string text)
    {
        try
        {
            return new Regex($"^(?:{text})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException error)
        {
            throw new VerbException($"{text} is no regular expression: {error.Message}");
        }
    }

    private TimeSpan Timeout(OptionSet options) => options.Has(_all.TimeoutMs) && options.LongOf(_all.TimeoutMs) is >= 0 and <= int.MaxValue and var timeout
        ? TimeSpan.FromMilliseconds(timeout)
        : System.Threading.Timeout.InfiniteTimeSpan;
}
