using System.Diagnostics;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>1,000 partitions: how long they take to make, what the idle node holds and burns with them, alone and with 100 consumers that wait for records, and how long it takes to come back after kill -9.</summary>
internal sealed class ManyPartitionsRow : IRow
{
    private const int Partitions = 1000;
    private const int Consumers = 100;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    public string Name => "partitions/1000";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("created", "s"), new("idle memory", "MB", Goal.Max(0.25)), new("idle CPU", "ms/s", Goal.Max(0.3)),
        new("idle CPU with 100 consumers", "ms/s", Goal.Max(0.3)), new("restart after kill -9", "s", Goal.Max(0.3)),
    ];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync();
        var begin = Stopwatch.GetTimestamp();
        var topic = await Topics.CreateAsync(broker, Partitions, context.Cancellation);
        context.Report("created", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        var records = context.Options.Scale(100_000, Partitions);
        await new Kbench(context.Options, broker.Bootstrap).ProduceAsync(topic, records, context.Cancellation, "--key-size", "8");
        await Task.Delay(Settling, context.Cancellation);
        context.Report("idle CPU", await IdleCpuAsync(context, broker));
        context.Report("idle memory", broker.ResidentMegabytes);
        context.Report("idle CPU with 100 consumers", await WithConsumersAsync(context, broker, topic, records));
        await broker.KillAsync();
        begin = Stopwatch.GetTimestamp();
        await broker.RunAsync(context.Cancellation);
        context.Report("restart after kill -9", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        await Topics.VerifyAsync(broker, topic, Partitions, records, context.Cancellation);
    }

    /// <summary>CPU of the broker while 100 members of one group that have read everything wait for more.</summary>
    private static async Task<double> WithConsumersAsync(RowContext context, BrokerProcess broker, string topic, int records)
    {
        var members = Enumerable.Range(0, Consumers).Select(_ => new GroupMember(broker, "idle", ("auto.offset.reset", "earliest"))).ToList();
        try
        {
            members.ForEach(member => member.Start(topic, context.Cancellation));
            await GroupMember.SettleAsync(members, Partitions, context.Cancellation);
            while (members.Sum(member => member.Records) < records)
                await Task.Delay(50, context.Cancellation);
            await Task.Delay(Settling, context.Cancellation);
            return await IdleCpuAsync(context, broker);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    private static async Task<double> IdleCpuAsync(RowContext context, BrokerProcess broker)
    {
        var cpu = broker.CpuSeconds;
        await Task.Delay(Watched, context.Cancellation);
        return (broker.CpuSeconds - cpu) * 1000 / Watched.TotalSeconds;
    }
}
