using System.Globalization;
using System.Net;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The MQTT connectors on a real mosquitto.</summary>
public sealed class MqttTests
{
    private const string Text = "org.apache.kafka.connect.storage.StringConverter";

    [Theory]
    [InlineData(0, "5")]
    [InlineData(1, "5")]
    [InlineData(2, "5")]
    [InlineData(1, "3.1.1")]
    public async Task Messages_under_wildcards_arrive_with_their_topic_as_key(int qos, string version)
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(server, ("mqtt.topics", "plant/+/sensor, alarm/#"), ("mqtt.qos", $"{qos}"), ("mqtt.version", version)));
        await worker.AwaitStateAsync("source", "RUNNING");
        await server.PublishAsync("plant/a/sensor", "1", qos);
        await server.PublishAsync("plant/a/motor", "not asked for", qos);
        await server.PublishAsync("alarm/b/c", "2", qos, "-D", "publish", "user-property", "unit", "C");
        var records = await worker.ReadRecordsAsync("mqtt", 2);
        Assert.Equal([("plant/a/sensor", "1"), ("alarm/b/c", "2")], records.Select(record => (record.Key, record.Value)));
        Assert.Equal(qos.ToString(CultureInfo.InvariantCulture), records[0].Headers["mqtt.qos"]);
        Assert.Equal("false", records[0].Headers["mqtt.retained"]);
        Assert.Equal(version == "5" ? "C" : null, records[1].Headers.GetValueOrDefault("unit"));
    }

    [Fact]
    public async Task What_comes_while_the_worker_is_away_arrives_when_it_is_back()
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(server, ("mqtt.topics", "t/#"), ("mqtt.clean.session.enabled", "false")));
        await worker.AwaitStateAsync("source", "RUNNING");
        await server.PublishAsync("t/1", "before", 1);
        await worker.ReadAsync("mqtt", 1);
        await worker.StopAsync();
        await server.PublishAsync("t/1", "meanwhile", 1);
        await server.PublishAsync("t/2", "also", 2);
        await worker.RestartAsync();
        Assert.Equal(["before", "meanwhile", "also"], await worker.ReadAsync("mqtt", 3));
    }

    [Fact]
    public async Task A_message_whose_record_did_not_come_to_Kafka_is_not_acknowledged()
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        (string, string)[] good = [.. Source(server, ("mqtt.topics", "t"), ("mqtt.clean.session.enabled", "false"))];
        await worker.CreateAsync("source", [.. good, ("transforms", "x"), ("transforms.x.type", "ReplaceField$Value"), ("transforms.x.exclude", "a")]);
        await worker.AwaitStateAsync("source", "RUNNING");
        await server.PublishAsync("t", "precious", 1);
        await worker.AwaitFailureAsync("source", "");
        var config = new System.Text.Json.Nodes.JsonObject(good.Select(pair => KeyValuePair.Create(pair.Item1, (System.Text.Json.Nodes.JsonNode?)pair.Item2)));
        Assert.Equal(HttpStatusCode.OK, (await worker.SendAsync(HttpMethod.Put, "/connectors/source/config", config.ToJsonString())).Status);
        Assert.Equal(["precious"], await worker.ReadAsync("mqtt", 1));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_is_connected_to_again()
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(server, ("mqtt.topics", "t")));
        await worker.AwaitStateAsync("source", "RUNNING");
        await server.KillAsync();
        await server.LaunchAsync();
        await TestWorker.AwaitAsync("a message comes through again", async () =>
        {
            await server.PublishAsync("t", "again", 1);
            return (await worker.TryReadAsync("mqtt")).Contains("again");
        });
        await worker.AwaitStateAsync("source", "RUNNING");
    }

    [Fact]
    public async Task Over_TLS_the_server_must_be_one_that_the_given_authority_vouches_for()
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        (string, string)[] tls = [.. Source(server, ("mqtt.topics", "t")).Where(pair => pair.Item1 != "mqtt.server.uri"), ("mqtt.server.uri", server.TlsUrl)];
        await worker.CreateAsync("trusting", [.. tls, ("mqtt.ssl.ca.location", server.CaFile)]);
        await worker.AwaitStateAsync("trusting", "RUNNING");
        await server.PublishAsync("t", "over TLS", 1);
        Assert.Equal(["over TLS"], await worker.ReadAsync("mqtt", 1));
        await worker.CreateAsync("careful", tls);
        await worker.AwaitFailureAsync("careful", "");
    }

    [Fact]
    public async Task A_wrong_password_ends_the_task_with_the_servers_reason()
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        (string, string)[] wrong = [.. Source(server, ("mqtt.topics", "t")).Where(pair => pair.Item1 != "mqtt.password"), ("mqtt.password", "wrong")];
        await worker.CreateAsync("source", wrong);
        await worker.AwaitFailureAsync("source", "Not authorized");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Records_are_published_to_a_topic_made_of_theirs(int qos)
    {
        await using var server = await MqttServer.StartAsync();
        await using var worker = await TestWorker.StartAsync();
        var messages = await server.SubscribeAsync("kafka/#", 3, qos);
        var file = Path.Combine(worker.Folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(file, "one\ntwo\nthree\n", TestContext.Current.CancellationToken);
        await worker.CreateAsync("lines", ("connector.class", "FileStreamSource"), ("file", file), ("topic", "lines"), ("value.converter", Text));
        await worker.CreateAsync("sink", [.. Login(server), ("connector.class", "MqttSink"), ("topics", "lines"), ("mqtt.topic", "kafka/${topic}"), ("mqtt.qos", $"{qos}"), ("value.converter", Text)]);
        Assert.Equal(["kafka/lines one", "kafka/lines two", "kafka/lines three"], await messages());
    }

    [Theory]
    [InlineData("mqtt.topics", "a/#/b", "is not an MQTT filter")]
    [InlineData("mqtt.server.uri", "http://x", "must be addresses such as")]
    [InlineData("mqtt.qos", "3", "Value must be no more than 2")]
    public async Task A_configuration_that_cannot_work_is_refused(string key, string value, string reason)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        var config = new System.Text.Json.Nodes.JsonObject { ["connector.class"] = "MqttSource", ["mqtt.server.uri"] = "tcp://h:1", ["mqtt.topics"] = "t", ["kafka.topic"] = "t", [key] = value };
        var (status, answer) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", config.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, (string?)answer!["message"], StringComparison.Ordinal);
    }

    private static (string, string)[] Login(MqttServer server) => [("mqtt.server.uri", server.Url), ("mqtt.username", "device"), ("mqtt.password", "secret")];

    private static (string, string)[] Source(MqttServer server, params (string, string)[] more) =>
        [.. Login(server), ("connector.class", "io.confluent.connect.mqtt.MqttSourceConnector"), ("kafka.topic", "mqtt"), ("key.converter", Text), ("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter"), .. more];
}
