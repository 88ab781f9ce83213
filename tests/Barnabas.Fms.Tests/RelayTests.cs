using System.Globalization;
using System.Text.Json;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Relaying;
using Barnabas.Protocol;
using Barnabas.Testing;

namespace Barnabas.Fms.Tests;

public sealed class RelayTests
{
    private const int Partitions = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_reading_gets_one_finding_with_its_key_and_time_and_what_is_no_reading_none()
    {
        await using var broker = await StartAsync();
        var sent = Enumerable.Range(0, 500).Select(at => (Key: $"{at % 7}", Value: Reading(at % 7, at))).ToList();
        await ProduceAsync(broker, "in", sent);
        await ProduceAsync(broker, "in", [("1", "no reading")]);
        var progress = new RelayProgress();
        await using var relay = Run(broker, "out", progress);
        var found = await ReadAsync(broker, "out", sent.Count);
        Assert.Equal(sent.Count, found.Select(alert => (alert.Source.Partition, alert.Source.Offset)).Distinct().Count());
        Assert.All(found, alert => Assert.Equal((alert.Key, 1_000_000L), (alert.Device, alert.Timestamp)));
        await EventuallyAsync(() => progress.Read == sent.Count + 1);
        Assert.Equal(sent.Count, progress.Written);
    }

    [Fact]
    public async Task An_analyser_that_starts_again_goes_on_where_it_committed_with_the_averages_it_had()
    {
        await using var broker = await StartAsync();
        await ProduceAsync(broker, "in", [("1", Reading(1, 10)), ("1", Reading(1, 20))]);
        await using (Run(broker, "out", new RelayProgress()))
            Assert.Equal([10.0, 15.0], (await ReadAsync(broker, "out", 2)).Select(alert => alert.Average));
        await ProduceAsync(broker, "in", [("1", Reading(1, 30))]);
        await using (Run(broker, "out", new RelayProgress()))
            Assert.Equal([10.0, 15.0, 20.0], (await ReadAsync(broker, "out", 3)).Select(alert => alert.Average));
    }

    [Fact]
    public async Task The_filter_lets_records_with_a_keyword_through_as_they_are()
    {
        await using var broker = await StartAsync();
        await ProduceAsync(broker, "in", [("a", "all well"), ("b", "a CRITICAL thing"), ("c", "well"), ("d", "CRITICAL")]);
        using var stop = new CancellationTokenSource();
        var progress = new RelayProgress();
        var running = Relays.FilterAsync(Options(broker, "out"), ["CRITICAL"], ignoresCase: false, progress, Environment(), stop.Token);
        await EventuallyAsync(() => progress is { Read: 4, Written: 2 });
        await stop.CancelAsync();
        await running;
        Assert.Equal([("b", "a CRITICAL thing"), ("d", "CRITICAL")], (await ReadRawAsync(broker, "out", 2)).Select(record => (record.Key!, record.Value!)).Order());
    }

    [Fact]
    public async Task Two_analysers_of_a_group_share_the_work_and_nothing_is_left_out()
    {
        await using var broker = await StartAsync();
        await using var first = Run(broker, "out", new RelayProgress());
        await ProduceAsync(broker, "in", [.. Enumerable.Range(0, 300).Select(at => ($"{at % 10}", Reading(at % 10, at)))]);
        await ReadAsync(broker, "out", 300);
        await using var second = Run(broker, "out", new RelayProgress());
        await ProduceAsync(broker, "in", [.. Enumerable.Range(0, 300).Select(at => ($"{at % 10}", Reading(at % 10, at)))]);
        var found = await ReadAsync(broker, "out", 600);
        Assert.Equal(600, found.Select(alert => (alert.Source.Partition, alert.Source.Offset)).Distinct().Count());
    }

    private static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        await FmsTopics.CreateAsync([broker.BootstrapServers], ["in", "out"], Partitions, Environment(), TestContext.Current.CancellationToken);
        return broker;
    }

    private static ClientEnvironment Environment() => ClientEnvironment.ForProgram();

    private static RelayOptions Options(TestBroker broker, string output) => new() { BootstrapServers = [broker.BootstrapServers], InputTopic = "in", OutputTopic = output, GroupId = "relay" };

    private static Running Run(TestBroker broker, string output, RelayProgress progress)
    {
        var stop = new CancellationTokenSource();
        return new Running(Relays.AnalyseAsync(Options(broker, output), new AnalysisOptions(), progress, Environment(), stop.Token), stop);
    }

    private static string Reading(int device, double sensor) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"deviceId":{{device}},"sensor1":{{sensor}},"time":"2026-05-04T03:02:01.000Z"}""");

    private static async Task ProduceAsync(TestBroker broker, string topic, IReadOnlyList<(string Key, string Value)> records)
    {
        await using var producer = new Producer<string?, string?>(new ProducerOptions { BootstrapServers = [broker.BootstrapServers] }, Serializers.Utf8, Serializers.Utf8, Environment());
        await Task.WhenAll(records.Select(record => producer.ProduceAsync(new(topic, record.Key, record.Value) { Timestamp = 1_000_000 }, TestContext.Current.CancellationToken)));
    }

    private static async Task<List<ConsumeResult<string?, string?>>> ReadRawAsync(TestBroker broker, string topic, int count)
    {
        await using var consumer = new Consumer<string?, string?>(
            new ConsumerOptions { BootstrapServers = [broker.BootstrapServers], EnableAutoCommit = false, AutoOffsetReset = OffsetReset.Earliest }, Deserializers.Utf8, Deserializers.Utf8, Environment());
        consumer.Assign([.. Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(topic, partition))]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var records = new List<ConsumeResult<string?, string?>>();
        while (records.Count < count)
            records.AddRange(await consumer.PollAsync(TimeSpan.FromSeconds(1), limit.Token));
        return records;
    }

    private static async Task<List<Found>> ReadAsync(TestBroker broker, string topic, int count)
    {
        var found = new List<Found>();
        foreach (var record in await ReadRawAsync(broker, topic, count))
        {
            using var json = JsonDocument.Parse(record.Value!);
            var source = json.RootElement.GetProperty("source");
            found.Add(new Found(
                record.Key!, json.RootElement.GetProperty("deviceId").ToString(), (source.GetProperty("partition").GetInt32(), source.GetProperty("offset").GetInt64()),
                json.RootElement.GetProperty("averages").GetProperty("sensor1").GetDouble(), record.Timestamp));
        }

        return found;
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private sealed record Found(string Key, string Device, (int Partition, long Offset) Source, double Average, long Timestamp);

    private sealed class Running(Task relay, CancellationTokenSource stop) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await relay;
            stop.Dispose();
        }
    }
}
