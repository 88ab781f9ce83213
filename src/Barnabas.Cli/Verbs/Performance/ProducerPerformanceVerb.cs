using Barnabas.Cli.Framework;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using PerfProducer = Barnabas.Client.Producer.Producer<object?, System.ReadOnlyMemory<byte>?>;
using PerfRecord = Barnabas.Client.Producer.ProducerRecord<object?, System.ReadOnlyMemory<byte>?>;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>kafka-producer-perf-test: how many records a second can be written, and how long each takes.</summary>
internal sealed class ProducerPerformanceVerb : Verb
{
    private readonly ProducerPerformanceOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        _all.Parse(arguments, context.Out);
        var payloads = _all.NewPayloads(context.Out);
        var environment = ToolEnvironment.Of(context);
        var options = ProducerOptions.Parse(LoginFile.Complete(_all.ProducerProperties(environment.Random)));
        options = options with { CloseTimeout = options.DeliveryTimeout + options.RequestTimeout };
        if (_all.WarmupRecords > 0)
            context.Out.WriteLine($"Warmup first {_all.WarmupRecords} records. Steady state results will print after the complete test summary.");
        await context.Out.FlushAsync();
        var stats = new PerformanceStats(_all.Records, _all.ReportingInterval, isSteadyState: false, context.Out, context.Time);
        var handler = new LatencyHandler(stats, environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.ProducerPerformance"), context.Time);
        PerformanceStats? steadyState;
        await using (var producer = new PerfProducer(options, Serializers.Null, Serializers.Memory, environment))
        {
            var transactions = await TransactionRhythm.StartAsync(producer, _all.TransactionDuration(options), context.Time, context.Stop);
            steadyState = await SendAllAsync(context, producer, payloads, stats, handler, transactions);
            await transactions.EndAsync(context.Stop);
        }

        stats.PrintTotal();
        steadyState?.PrintTotal();
        if (_all.PrintsMetrics)
            MetricsTable.Print(context.Out, "producer-metrics", options.ClientId, ("record-send-total", _all.Records), ("record-error-total", handler.Errors));
        return handler.Errors == 0 ? 0 : 1;
    }

    private async Task<PerformanceStats?> SendAllAsync(VerbContext context, PerfProducer producer, Payloads payloads, PerformanceStats stats, LatencyHandler handler, TransactionRhythm transactions)
    {
        var topic = _all.Topic;
        var records = _all.Records;
        var warmup = _all.WarmupRecords;
        var throttler = new ThroughputThrottler(_all.Throughput, context.Time);
        PerformanceStats? steadyState = null;
        for (long sent = 0; sent < records && !context.Stop.IsCancellationRequested; sent++)
        {
            if (warmup > 0 && sent == warmup)
            {
                steadyState = new PerformanceStats(records - warmup, _all.ReportingInterval, isSteadyState: true, context.Out, context.Time);
                stats.Silence();
            }

            await transactions.BeforeRecordAsync(context.Stop);
            var value = payloads.Next(sent);
            var record = new PerfRecord(topic, null, value);
            var stamp = handler.Begin(steadyState);
            try
            {
                if (!producer.TryEnqueue(record, handler, stamp))
                    await producer.EnqueueAsync(record, handler, stamp, context.Stop);
            }
            catch (KafkaException error)
            {
                handler.Add(error, topic, value.Length);
            }

            await throttler.ThrottleAsync(sent, context.Stop);
        }

        return steadyState;
    }
}
