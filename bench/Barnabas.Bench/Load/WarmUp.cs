using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Load;

/// <summary>Both brokers compile as they run: the same work before anything is measured.</summary>
internal static class WarmUp
{
    public static async Task RunAsync(BenchOptions options, BrokerProcess broker, CancellationToken cancellationToken)
    {
        const int Partitions = 6;
        var kbench = new Kbench(options, broker.Bootstrap);
        var records = options.Scale(400_000);
        var topic = await Topics.CreateAsync(broker, Partitions, cancellationToken);
        await kbench.ProduceAsync(topic, records, cancellationToken, "--record-size", "1024");
        await kbench.ProduceAsync(topic, records / 20, cancellationToken, "--record-size", "1024", "--rate", "20000");
        await kbench.ConsumeAsync(topic, records, cancellationToken);
        await Topics.DeleteAsync(broker, topic, cancellationToken);
    }
}
