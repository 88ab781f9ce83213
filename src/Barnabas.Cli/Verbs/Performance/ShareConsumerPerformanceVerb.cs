using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using SizeConsumer = Barnabas.Client.Consumer.Sharing.ShareConsumer<object?, object?>;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>kafka-share-consumer-perf-test: how many records a second the members of a share group can read.</summary>
internal sealed class ShareConsumerPerformanceVerb : Verb
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(10);

    private readonly ShareConsumerPerformanceOptions _all = new();
    private long _records;
    private long _bytes;

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var configurations = _all.ConsumerProperties(options).Select(properties => ConsumerOptions.ParseShare(LoginFile.Complete(properties))).ToList();
        var progress = new ShareConsumerProgress(context.Out, new JavaDateFormat(_all.DateFormat(options), context.Time), context.Time);
        if (!_all.HidesHeader(options))
            ShareConsumerProgress.PrintHeader(context.Out);
        await context.Out.FlushAsync();
        var environment = ToolEnvironment.Of(context);
        var consumers = configurations.ConvertAll(configuration => new SizeConsumer(configuration, Deserializers.Ignore, Deserializers.Ignore, environment));
        try
        {
            await RunAsync(context, consumers, configurations, options, progress);
            return 0;
        }
        catch (KafkaException error)
        {
            context.Out.WriteLine(error.Message);
            return 1;
        }
        finally
        {
            foreach (var consumer in consumers)
                await consumer.DisposeAsync();
        }
    }

    private async Task RunAsync(VerbContext context, List<SizeConsumer> consumers, List<ConsumerOptions> configurations, OptionSet options, ShareConsumerProgress progress)
    {
        foreach (var consumer in consumers)
            consumer.Subscribe([_all.Topic(options)]);
        var consumed = await Task.WhenAll(consumers.Select((consumer, at) => ReadAsync(context, consumer, at + 1, options, progress)));
        if (_all.PrintsConsumers(options))
            for (var at = 0; at < consumers.Count; at++)
                progress.PrintConsumer(at + 1, configurations[at].ClientId, consumed[at].Records, consumed[at].Bytes);
        if (_records < _all.Records(options))
        {
            context.Out.WriteLine($"WARNING: Exiting before consuming the expected number of records: timeout ({_all.Timeout(options).TotalMilliseconds:0} ms) exceeded. "
                + "You can use the --timeout option to increase the timeout.");
        }

        foreach (var consumer in consumers)
            await consumer.CommitAsync(CancellationToken.None);
        progress.PrintTotal(_records, _bytes);
        if (_all.PrintsMetrics(options))
            for (var at = 0; at < consumers.Count; at++)
                MetricsTable.Print(
                    context.Out, "consumer-share-fetch-manager-metrics", configurations[at].ClientId, ("records-consumed-total", consumed[at].Records), ("bytes-consumed-total", consumed[at].Bytes));
    }

    private async Task<(long Records, long Bytes)> ReadAsync(VerbContext context, SizeConsumer consumer, int number, OptionSet options, ShareConsumerProgress progress)
    {
        var (wanted, timeout, interval) = (_all.Records(options), _all.Timeout(options), _all.Interval(options));
        var lastRecord = context.Time.GetTimestamp();
        var lastReport = context.Time.GetUtcNow();
        var (records, bytes, lastRecords, lastBytes) = (0L, 0L, 0L, 0L);
        while (Interlocked.Read(ref _records) < wanted && context.Time.GetElapsedTime(lastRecord) <= timeout && !context.Stop.IsCancellationRequested)
        {
            var polled = await consumer.PollAsync(LongestPoll, CancellationToken.None);
            if (polled.Count == 0)
                continue;
            lastRecord = context.Time.GetTimestamp();
            var size = polled.Sum(result => (long)Math.Max(0, result.Record.KeySizeInBytes) + Math.Max(0, result.Record.ValueSizeInBytes));
            (records, bytes) = (records + polled.Count, bytes + size);
            Interlocked.Add(ref _records, polled.Count);
            Interlocked.Add(ref _bytes, size);
            var now = context.Time.GetUtcNow();
            if (now - lastReport < interval)
                continue;
            if (_all.IsDetailed(options))
                progress.PrintInterval(lastReport, now, number, records, bytes, records - lastRecords, bytes - lastBytes);
            (lastReport, lastRecords, lastBytes) = (now, records, bytes);
        }

        return (records, bytes);
    }
}
