using System.Diagnostics;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Bench.Rows;

/// <summary>
/// Looks up a record by offset in the middle of a small and of a large log with small segments: what a fetch costs must not follow the size.
/// Then the node is killed, and the time counts until it tells the log's offsets again and acknowledges a record.
/// </summary>
internal sealed class LogGrowthRow(bool full) : IRow
{
    private const int RecordBytes = 10_240;
    private const int RestartedAt = 10_000;
    private const string Restart = "restart after kill -9 with 10 GB";
    private readonly int[] _megabyteSteps = full ? [100, 1000, RestartedAt, 50_000] : [100, 1000, RestartedAt];

    public string Name => "growth/log";

    public IReadOnlyList<Figure> Figures => [.. _megabyteSteps.Select(step => new Figure(At(step), "ms")), new(Restart, "s", Goal.Max(0.3))];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync();
        var topic = await Topics.CreateAsync(broker, 1, context.Cancellation, ("segment.bytes", "67108864"));
        var written = 0;
        foreach (var step in _megabyteSteps)
        {
            var target = context.Options.Scale(step * 1_000_000 / RecordBytes, 1000);
            if (target > written)
                await new Kbench(context.Options, broker.Bootstrap).ProduceAsync(topic, target - written, context.Cancellation, "--record-size", "10240");
            written = Math.Max(written, target);
            context.Report(At(step), await MedianSeekAsync(context, broker.Bootstrap, topic, written));
            if (step == RestartedAt)
                context.Report(Restart, await RestartAsync(context, broker, topic, written++));
        }
    }

    private static async Task<double> RestartAsync(RowContext context, BrokerProcess broker, string topic, int records)
    {
        await broker.KillAsync();
        var begin = Stopwatch.GetTimestamp();
        await broker.RunAsync(context.Cancellation);
        await Topics.VerifyAsync(broker, topic, 1, records, context.Cancellation);
        await new Kbench(context.Options, broker.Bootstrap).ProduceAsync(topic, 1, context.Cancellation);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<double> MedianSeekAsync(RowContext context, string bootstrap, string topic, int records)
    {
        var options = ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = bootstrap, ["max.partition.fetch.bytes"] = "1024", ["fetch.max.bytes"] = "1024" });
        await using var consumer = new Consumer<byte[]?, byte[]?>(options, Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram());
        var partition = new TopicPartition(topic, 0);
        consumer.Assign([partition]);
        var random = new Random(5);
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var offset = random.Next(records);
            var begin = Stopwatch.GetTimestamp();
            consumer.Seek(partition, offset);
            var result = await consumer.PollAsync(TimeSpan.FromSeconds(10), context.Cancellation);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (result.Count == 0)
                throw new BenchException($"nothing at offset {offset} of {records}");
        }
        times.Sort();
        return times[times.Count / 2];
    }

    private static string At(int megabytes) => $"fetch of a random offset in {megabytes} MB";
}
