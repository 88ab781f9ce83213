using Barnabas.Broker.Telemetry;
using Barnabas.Cli.Server.Otlp;
using Barnabas.Cli.Tests.Support;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Testing;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Tests.Server;

/// <summary>What a collector gets: the messages of opentelemetry-proto, field by field.</summary>
public sealed class OtlpExportTests
{
    private const int Sum = 7;
    private const int Gauge = 5;

    [Fact]
    public async Task Metrics_arrive_under_the_names_of_the_endpoint_with_their_labels_and_values()
    {
        await using var receiver = new OtlpReceiver();
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(0, (await VerbRun.RunAsync("kafka-topics", "--bootstrap-server", broker.BootstrapServers, "--create", "--topic", "told", "--partitions", "1")).Status);
        Assert.Equal(0, (await VerbRun.RunWithAsync("a\nb\nc\n", "kafka-console-producer", "--bootstrap-server", broker.BootstrapServers, "--topic", "told")).Status);
        await using var export = OtlpExport.Start(new OtlpOptions(receiver.Endpoint, TimeSpan.FromMilliseconds(100), 0, 7), broker.ReadMetrics, TimeProvider.System, new RecordingLogger());

        var post = await receiver.WaitAsync("/v1/metrics", root => Metrics(root, "kafka_server_brokertopicmetrics_messagesin_total").Any());

        var sum = Metrics(post, "kafka_server_brokertopicmetrics_messagesin_total").Single();
        var point = sum.At(Sum, 1).Single(p => Attributes(p, 7).GetValueOrDefault("topic") == "told");
        Assert.Equal(3, BitConverter.UInt64BitsToDouble(point.All(4).Single().Value));
        Assert.Equal(1UL, sum.At(Sum, 3).Single().Value);
        var size = Metrics(post, "kafka_log_log_logendoffset").Single().At(Gauge, 1).Single(p => Attributes(p, 7).GetValueOrDefault("topic") == "told");
        Assert.Equal("0", Attributes(size, 7)["partition"]);
        var resource = Attributes(post.At(1, 1).First(), 1);
        Assert.Equal(("barnabas", "7"), (resource["service.name"], resource["service.instance.id"]));
    }

    [Fact]
    public async Task A_share_of_the_requests_arrives_as_spans_by_the_conventions_for_messaging()
    {
        await using var receiver = new OtlpReceiver();
        await using var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with
        {
            Properties = new Dictionary<string, string> { ["barnabas.otlp.endpoint"] = receiver.Endpoint.ToString(), ["barnabas.otlp.traces.ratio"] = "1" },
        });
        await using var export = OtlpExport.Start(new OtlpOptions(receiver.Endpoint, TimeSpan.FromMilliseconds(100), 1, 1), broker.ReadMetrics, TimeProvider.System, new RecordingLogger());
        Assert.Equal(0, (await VerbRun.RunWithAsync("a\n", "kafka-console-producer", "--bootstrap-server", broker.BootstrapServers, "--topic", "traced")).Status);

        var post = await receiver.WaitAsync("/v1/traces", root => Spans(root).Any(IsProduce));

        var span = Spans(post).First(IsProduce);
        var attributes = Attributes(span, 9);
        Assert.Equal(("kafka", "Produce", "send", "traced"), (
            attributes["messaging.system"], attributes["messaging.operation.name"], attributes["messaging.operation.type"], attributes["messaging.destination.name"]));
        Assert.True(span.All(8).Single().Value >= span.All(7).Single().Value);
        Assert.Equal(2UL, span.All(6).Single().Value);

        static bool IsProduce(OtlpReceiver.Field span) => span.All(5).Single().Text == "Produce traced";
    }

    [Fact]
    public async Task A_collector_that_is_gone_is_told_of()
    {
        var logger = new RecordingLogger();
        Uri endpoint;
        await using (var gone = new OtlpReceiver())
            endpoint = gone.Endpoint;
        await using var export = OtlpExport.Start(
            new OtlpOptions(endpoint, TimeSpan.FromMilliseconds(100), 0, 1), () => [new MetricSample("up", MetricKind.Gauge, "Up.", 1)], TimeProvider.System, logger);
        await logger.WaitAsync(2);
        Assert.Equal($"The OpenTelemetry collector at {endpoint} takes no metrics; trying again every 100 ms", logger.Lines[1]);
    }

    [Theory]
    [InlineData("localhost:4318")]
    [InlineData("ftp://localhost")]
    public void An_address_that_is_none_is_refused(string address)
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.voters"] = "1@localhost:9093",
            ["listeners"] = "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
            ["controller.listener.names"] = "CONTROLLER",
            ["log.dirs"] = "/nowhere",
            ["barnabas.otlp.endpoint"] = address,
        });
        Assert.Throws<ConfigException>(() => OtlpOptions.Of(config));
    }

    // ExportMetricsServiceRequest.resource_metrics, .scope_metrics, .metrics; Metric.name
    private static IEnumerable<OtlpReceiver.Field> Metrics(OtlpReceiver.Field root, string name) => root.At(1, 2, 2).Where(metric => metric.All(1).Single().Text == name);

    // ExportTraceServiceRequest.resource_spans, .scope_spans, .spans
    private static IEnumerable<OtlpReceiver.Field> Spans(OtlpReceiver.Field root) => root.At(1, 2, 2);

    // KeyValue.key, .value; AnyValue.string_value
    private static Dictionary<string, string> Attributes(OtlpReceiver.Field message, int field) =>
        message.All(field).ToDictionary(a => a.All(1).Single().Text, a => a.At(2, 1).FirstOrDefault()?.Text ?? "");

    private sealed class RecordingLogger : ILogger
    {
        private readonly SemaphoreSlim _written = new(0);

        public List<string> Lines { get; } = [];

        public async Task WaitAsync(int lines)
        {
            for (var i = 0; i < lines; i++)
                Assert.True(await _written.WaitAsync(TimeSpan.FromSeconds(30)), string.Join('\n', Lines));
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
            _written.Release();
        }
    }
}
