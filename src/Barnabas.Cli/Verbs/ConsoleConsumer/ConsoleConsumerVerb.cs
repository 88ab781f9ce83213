using System.Globalization;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsoleConsumer;

/// <summary>kafka-console-consumer: prints the records of topics.</summary>
internal sealed class ConsoleConsumerVerb : Verb
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private readonly ConsoleConsumerOptions _all = new();
    private long _count;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var properties = _all.ConsumerProperties(options);
        var formatter = RecordFormatters.Create(options.Required(_all.Formatter), _all.FormatterProperties(options), context.Error);
        var consumerOptions = ConsumerOptions.Parse(properties);
        await context.Out.FlushAsync();
        var status = 0;
        await using (var consumer = new Consumer<byte[]?, byte[]?>(consumerOptions, Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram()))
        {
            Subscribe(consumer, options);
            try
            {
                await PrintAsync(context, consumer, formatter, options);
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                // Asked to stop: what was read is committed on the way out.
            }
            catch (KafkaException error)
            {
                await context.OutputStream.FlushAsync();
                context.Error.WriteLine($"Error processing message, terminating consumer process: {error.Message}");
            }
        }

        await context.OutputStream.FlushAsync();
        context.Error.WriteLine($"Processed a total of {_count} messages");
        if (options.Has(_all.SystestEvents))
            context.Out.WriteLine("shutdown_complete");
        return status;
    }

    private void Subscribe(Consumer<byte[]?, byte[]?> consumer, OptionSet options)
    {
        if (options.Has(_all.Include))
        {
            consumer.Subscribe(new Regex($"^(?:{options.Required(_all.Include)})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)));
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

    private async Task PrintAsync(VerbContext context, Consumer<byte[]?, byte[]?> consumer, IRecordFormatter formatter, OptionSet options)
    {
        var most = options.Has(_all.MaxMessages) ? options.IntOf(_all.MaxMessages) : -1;
        var timeout = options.Has(_all.TimeoutMs) && options.LongOf(_all.TimeoutMs) >= 0 ? TimeSpan.FromMilliseconds(options.LongOf(_all.TimeoutMs)) : Forever;
        await using var output = new BufferedStream(context.OutputStream, 64 * 1024);
        while (most < 0 || _count < most)
        {
            var records = await consumer.PollAsync(timeout, context.Stop);
            if (records.Count == 0)
            {
                if (timeout == Forever)
                    continue;
                context.Error.WriteLine("Error processing message, terminating consumer process: no record came in time");
                return;
            }

            foreach (var record in records)
            {
                if (most >= 0 && _count >= most)
                {
                    // The records after the last one printed stay unread for the group.
                    consumer.Seek(record.TopicPartition, record.Offset);
                    await RewindAsync(consumer, records, record);
                    break;
                }

                _count++;
                if (!Print(context, formatter, record, output, options.Has(_all.SkipOnError)))
                    return;
            }

            await output.FlushAsync(context.Stop);
        }
    }

    private static Task RewindAsync(Consumer<byte[]?, byte[]?> consumer, IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> records, ConsumeResult<byte[]?, byte[]?> first)
    {
        var seen = new HashSet<TopicPartition> { first.TopicPartition };
        var isPast = false;
        foreach (var record in records)
        {
            isPast |= record.TopicPartition == first.TopicPartition && record.Offset == first.Offset;
            if (isPast && seen.Add(record.TopicPartition))
                consumer.Seek(record.TopicPartition, record.Offset);
        }

        return Task.CompletedTask;
    }

    private static bool Print(VerbContext context, IRecordFormatter formatter, ConsumeResult<byte[]?, byte[]?> record, Stream output, bool skipsErrors)
    {
        try
        {
            formatter.Write(record, output);
            return true;
        }
        catch (IOException)
        {
            context.Error.WriteLine("Unable to write to standard out, closing consumer.");
            return false;
        }
        catch (Exception error) when (error is SerializationException or FormatException)
        {
            if (!skipsErrors)
                throw new VerbException(string.Create(CultureInfo.InvariantCulture, $"Error processing message at {record.TopicPartition} offset {record.Offset}: {error.Message}"));
            context.Error.WriteLine($"Error processing message, skipping this message: {error.Message}");
            return true;
        }
    }
}
