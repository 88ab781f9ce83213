using System.Globalization;
using System.Text.Json;

namespace Barnabas.Interop.Tests;

/// <summary>kill -9 of the node while an idempotent librdkafka producer writes and every record is flushed before it is acknowledged.</summary>
[Collection(Alone.Name)]
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

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task Our_own_producer_and_group_go_on_through_kill_after_kill(string groupProtocol)
    {
        const int records = 12_000;
        using var folder = new DataFolder("num.partitions=3");
        var retrying = Path.Combine(folder.Path, "producer.properties");
        await File.WriteAllTextAsync(retrying, "retries=2147483647\n");
        var member = Path.Combine(folder.Path, "consumer.properties");
        await File.WriteAllTextAsync(member, $"group.protocol={groupProtocol}\nauto.offset.reset=earliest\nauto.commit.interval.ms=100\n");
        var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        try
        {
            var producing = Distribution.Barnabas.RunAsync(
                "kafka-verifiable-producer", "--bootstrap-server", server.Bootstrap, "--topic", "soak", "--max-messages", $"{records}", "--throughput", "2000", "--command-config", retrying);
            await WaitForFirstBytesAsync(folder, "soak");
            using var reading = new PrintingProcess(
                Distribution.Barnabas.Tool("kafka-console-consumer"), "--bootstrap-server", server.Bootstrap, "--topic", "soak", "--group", "soakers", "--command-config", member);
            for (var kill = 1; kill <= Rounds; kill++)
            {
                await WaitForBytesAsync(folder, "soak", kill * records * 10 / (Rounds + 1));
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
            }

            var acknowledged = Acknowledged((await producing).EnsureSuccess());
            Assert.Equal(records, acknowledged.Count);
            var log = await Distribution.Barnabas.RunAsync("kafka-console-consumer", "--bootstrap-server", server.Bootstrap, "--topic", "soak", "--from-beginning", "--max-messages", $"{records + 1}", "--timeout-ms", "5000");
            Assert.Equal(acknowledged.Order(StringComparer.Ordinal), log.Lines.Order(StringComparer.Ordinal));
            // A group may read again what it had not committed; it passes over nothing.
            var left = acknowledged.ToHashSet(StringComparer.Ordinal);
            await reading.WaitForAsync(line => left.Remove(line) && left.Count == 0);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static List<string> Acknowledged(CommandResult producer)
    {
        var values = new List<string>();
        foreach (var line in producer.Lines)
        {
            using var told = JsonDocument.Parse(line);
            if (told.RootElement.GetProperty("name").GetString() == "producer_send_success") values.Add(told.RootElement.GetProperty("value").GetString()!);
        }

        return values;
    }

    private static async Task WaitForBytesAsync(DataFolder folder, string topic, long bytes)
    {
        using var limit = new CancellationTokenSource(Command.Patience);
        while (Directory.EnumerateDirectories(folder.LogDirectory, topic + "-*").SelectMany(partition => Directory.EnumerateFiles(partition, "*.log")).Sum(log => new FileInfo(log).Length) < bytes)
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }

    private static async Task WaitForFirstBytesAsync(DataFolder folder, string topic)
    {
        using var limit = new CancellationTokenSource(Command.Patience);
        while (!Directory.EnumerateDirectories(folder.LogDirectory, topic + "-*").SelectMany(partition => Directory.EnumerateFiles(partition, "*.log")).Any(log => new FileInfo(log).Length > 0))
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }
}
