using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>10 to 5,000 connections, each producing one record of 100 bytes a second, spread over the second: what a connection more costs.</summary>
internal sealed class ManyConnectionsRow : IRow
{
    private const int Partitions = 6;
    private const int RecordBytes = 100;
    private const int WarmUpSeconds = 3;
    private static readonly int[] Steps = [10, 1000, 5000];

    public string Name => "connections";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        .. Steps.Select(step => new Figure(P99(step), "ms", step == Steps[^1] ? Goal.Max(0.5) : null)),
        .. Steps.Select(step => new Figure(Cpu(step), "ms/s")),
        new("memory at 5000 connections", "MB", Goal.Max(0.3)),
    ];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync("max.connections.per.ip=10000");
        await WarmUp.RunAsync(context.Options, broker, context.Cancellation);
        foreach (var step in Steps)
            await StepAsync(context, broker, step, context.Options.Scale(step, 10));
        context.Report("memory at 5000 connections", broker.ResidentMegabytes);
    }

    private static async Task StepAsync(RowContext context, BrokerProcess broker, int step, int connections)
    {
        var seconds = context.Options.Scale(12, 2);
        var topic = await Topics.CreateAsync(broker, Partitions, context.Cancellation);
        var requests = Enumerable.Range(0, Partitions).Select(partition => SmallProducer.Request(topic, partition, RecordBytes)).ToList();
        var producers = new List<SmallProducer>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                producers.Add(new SmallProducer(broker.Port, requests[i % Partitions]));
                await producers[i].ConnectAsync(context.Cancellation);
            }
            // The first seconds of new connections are theirs to settle; they are not measured.
            await RunAsync(producers, WarmUpSeconds, context.Cancellation);
            var cpu = broker.CpuSeconds;
            var times = await RunAsync(producers, seconds, context.Cancellation);
            context.Report(Cpu(step), (broker.CpuSeconds - cpu) * 1000 / seconds);
            Array.Sort(times);
            context.Report(P99(step), times[(int)(times.Length * 0.99)]);
            await Topics.VerifyAsync(broker, topic, Partitions, (long)connections * (seconds + WarmUpSeconds), context.Cancellation);
        }
        finally
        {
            producers.ForEach(producer => producer.Dispose());
        }
        await Topics.DeleteAsync(broker, topic, context.Cancellation);
    }

    private static async Task<double[]> RunAsync(List<SmallProducer> producers, int seconds, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        var runs = producers.Select((producer, i) => producer.RunAsync(begin + (i * Stopwatch.Frequency / producers.Count), TimeSpan.FromSeconds(1), seconds, cancellationToken));
        return [.. (await Task.WhenAll(runs)).SelectMany(times => times)];
    }

    private static string P99(int connections) => string.Create(CultureInfo.InvariantCulture, $"acknowledged p99 at {connections}");

    private static string Cpu(int connections) => string.Create(CultureInfo.InvariantCulture, $"broker CPU at {connections}");
}
