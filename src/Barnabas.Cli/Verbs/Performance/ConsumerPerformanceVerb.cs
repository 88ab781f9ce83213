using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using BatchConsumer = Barnabas.Client.Consumer.Consumer<object?, object?>;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>kafka-consumer-perf-test: how many records a second can be read.</summary>
internal sealed class ConsumerPerformanceVerb : Verb
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100);

    private readonly ConsumerPerformanceOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var consumerOptions = ConsumerOptions.Parse(LoginFile.Complete(_all.ConsumerProperties(options)));
        var dates = new JavaDateFormat(_all.DateFormat(options), context.Time);
        if (!_all.HidesHeader(options))
            ConsumerProgress.PrintHeader(context.Out, _all.IsDetailed(options));
        await context.Out.FlushAsync();
        var joins = new JoinTimes(context.Time);
        ConsumerProgress progress;
        DateTimeOffset end;
        await using (var consumer = new BatchConsumer(consumerOptions, Deserializers.Ignore, Deserializers.Ignore, ToolEnvironment.Of(context)))
        {
            progress = new ConsumerProgress(context.Out, dates, context.Time, _all.Interval(options), _all.IsDetailed(options));
            if (_all.Topic(options) is { } topic)
                consumer.Subscribe([topic], joins);
            else
                consumer.Subscribe(_all.Pattern(options), joins);
            await ReadAsync(context, consumer, options, progress, joins);
            end = context.Time.GetUtcNow();
        }

        progress.PrintTotal(end, (long)joins.Total.TotalMilliseconds);
        if (_all.PrintsMetrics(options))
            MetricsTable.Print(context.Out, "consumer-fetch-manager-metrics", consumerOptions.ClientId, ("records-consumed-total", progress.Records), ("bytes-consumed-total", progress.Bytes));
        return 0;
    }

    private async Task ReadAsync(VerbContext context, BatchConsumer consumer, OptionSet options, ConsumerProgress progress, JoinTimes joins)
    {
        var wanted = _all.Records(options);
        var timeout = _all.Timeout(options);
        var lastRecord = context.Time.GetTimestamp();
        while (progress.Records < wanted && context.Time.GetElapsedTime(lastRecord) <= timeout && !context.Stop.IsCancellationRequested)
        {
            long? next = null;
            using (var batches = await consumer.PollBatchesAsync(LongestPoll, CancellationToken.None))
            {
                if (batches is null)
                    continue;
                lastRecord = context.Time.GetTimestamp();
                next = Count(batches, progress, wanted);
                if (next is { } offset)
                {
                    var partition = batches.TopicPartition;
                    batches.Dispose();
                    consumer.Seek(partition, offset);
                }
            }

            progress.Report(joins);
        }

        if (progress.Records < wanted)
        {
            context.Out.WriteLine($"WARNING: Exiting before consuming the expected number of records: timeout ({timeout.TotalMilliseconds:0} ms) exceeded. "
                + "You can use the --timeout option to increase the timeout.");
        }
    }

    // The offset behind the last record wanted, null where more are wanted.
    private static long? Count(FetchedBatches batches, ConsumerProgress progress, long wanted)
    {
        var records = progress.Records;
        var bytes = progress.Bytes;
        long? next = null;
        while (next is null && batches.MoveNext())
            foreach (var record in batches.Current.Records())
            {
                if (record.Offset < batches.FirstOffset)
                    continue;
                records++;
                bytes += Math.Max(0, record.KeySizeInBytes) + Math.Max(0, record.ValueSizeInBytes);
                if (records < wanted)
                    continue;
                next = record.Offset + 1;
                break;
            }

        progress.Records = records;
        progress.Bytes = bytes;
        return next;
    }
}
