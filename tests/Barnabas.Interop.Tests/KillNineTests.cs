using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>kill -9 of the node while an idempotent librdkafka producer writes and every record is flushed before it is acknowledged.</summary>
public sealed class KillNineTests
{
    private const int Rounds = 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_moved()
    {
        var client = ForeignClient.Get("confluent-kafka");
        using var rows = new SensorRows();
        using var folder = new DataFolder("num.partitions=3", "log.flush.interval.messages=1");
        var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var topic = string.Create(CultureInfo.InvariantCulture, $"crash-{round}");
                var producing = client.ProduceAsync(server.Bootstrap, topic, rows.File);
                await WaitForFirstBytesAsync(folder, topic);
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
                // The client succeeds only once every row is acknowledged.
                await producing;
                rows.AssertAll($"round {round}", await client.ConsumeAsync(server.Bootstrap, topic, topic, rows.Count));
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task WaitForFirstBytesAsync(DataFolder folder, string topic)
    {
        using var limit = new CancellationTokenSource(Command.Patience);
        while (!Directory.EnumerateDirectories(folder.LogDirectory, topic + "-*").SelectMany(partition => Directory.EnumerateFiles(partition, "*.log")).Any(log => new FileInfo(log).Length > 0))
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }
}
