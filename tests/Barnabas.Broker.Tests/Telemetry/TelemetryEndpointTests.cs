using System.Net.Http;
using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Testing;
using Barnabas.Transport;
using Barnabas.Transport.Sockets;

namespace Barnabas.Broker.Tests.Telemetry;

public sealed class TelemetryEndpointTests
{
    [Fact]
    public async Task Metrics_tell_of_topics_requests_logs_and_the_cluster_under_the_names_of_Kafkas_exporters()
    {
        await using var broker = await StartAsync();
        await using var client = await TopicClient.CreateAsync(broker, "orders");
        var records = Records.Batch("one", "two", "three");
        await client.ProduceAsync(records);
        await client.FetchAsync(0);

        var metrics = await GetAsync(broker, "/metrics");

        Assert.Equal(3, Value(metrics, "kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"}"));
        Assert.Equal(records.Length, Value(metrics, "kafka_server_brokertopicmetrics_bytesin_total{topic=\"orders\"}"));
        Assert.Equal(records.Length, Value(metrics, "kafka_server_brokertopicmetrics_bytesout_total{topic=\"orders\"}"));
        Assert.Equal(3, Value(metrics, "kafka_log_log_logendoffset{topic=\"orders\",partition=\"0\"}"));
        Assert.Equal(records.Length, Value(metrics, "kafka_log_log_size{topic=\"orders\",partition=\"0\"}"));
        Assert.Equal(1, Value(metrics, "kafka_network_requestmetrics_requests_total{request=\"Produce\",version=\"9\"}"));
        Assert.True(Value(metrics, "kafka_network_requestmetrics_totaltimems{request=\"Produce\",version=\"9\",quantile=\"0.99\"}") > 0);
        Assert.Equal(0, Value(metrics, "kafka_server_replicamanager_underreplicatedpartitions"));
        Assert.Equal(1, Value(metrics, "kafka_controller_kafkacontroller_activecontrollercount"));
        Assert.Equal(1, Value(metrics, "kafka_server_socket_server_metrics_connection_count{listener=\"PLAINTEXT\"}"));
        Assert.InRange(Value(metrics, "kafka_network_socketserver_networkprocessoravgidlepercent"), 0, 1);
        Assert.Contains("# TYPE kafka_server_brokertopicmetrics_bytesin_total counter\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_serves_is_alive_and_ready()
    {
        await using var broker = await StartAsync();
        Assert.Equal("alive\n", await GetAsync(broker, "/health/live"));
        Assert.Equal("ready\n", await GetAsync(broker, "/health/ready"));
        using var http = new HttpClient();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(Address(broker, "/other"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, (await http.PostAsync(Address(broker, "/metrics"), null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_served()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Null(broker.MetricsEndPoint);
    }

    [Theory]
    [InlineData("\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nX: ", "431")]
    public async Task Whatever_else_comes_is_answered_or_closed_and_others_are_served(string head, string status)
    {
        await using var broker = await StartAsync();
        await using var peer = await ConnectAsync(broker);
        var text = head.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? head : head + new string('x', 9000);
        await peer.SendAsync([Encoding.Latin1.GetBytes(text)], TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        var received = await peer.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 " + status, Encoding.ASCII.GetString(buffer, 0, received), StringComparison.Ordinal);
        Assert.Equal("ready\n", await GetAsync(broker, "/health/ready"));
    }

    [Fact]
    public async Task Peers_that_send_nothing_do_not_keep_others_out_for_long()
    {
        await using var broker = await StartAsync();
        List<ITransportConnection> idle = [];
        for (var i = 0; i < 31; i++)
            idle.Add(await ConnectAsync(broker));
        Assert.Equal("ready\n", await GetAsync(broker, "/health/ready"));
        foreach (var connection in idle)
            await connection.DisposeAsync();
    }

    private static Task<TestBroker> StartAsync() => TestBroker.StartAsync(TestBrokerOptions.Default with
    {
        Properties = new Dictionary<string, string> { ["barnabas.metrics.listener"] = "localhost:0" },
    });

    private static string Address(TestBroker broker, string path) => $"http://localhost:{broker.MetricsEndPoint!.Port}{path}";

    private static async Task<string> GetAsync(TestBroker broker, string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(Address(broker, path), TestContext.Current.CancellationToken);
    }

    private static async Task<ITransportConnection> ConnectAsync(TestBroker broker) =>
        await new SocketTransport().ConnectAsync("localhost", broker.MetricsEndPoint!.Port, TestContext.Current.CancellationToken);

    private static double Value(string metrics, string series)
    {
        var line = metrics.Split('\n').SingleOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        Assert.True(line is not null, $"no {series} in\n{metrics}");
        return double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
