using System.Net;
using System.Text.Json.Nodes;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The REST API as users and their scripts call it.</summary>
public sealed class RestTests
{
    private const string Source = "org.apache.kafka.connect.file.FileStreamSourceConnector";

    [Fact]
    public async Task A_connector_lives_from_its_creation_to_its_deletion()
    {
        await using var worker = await TestWorker.StartAsync();
        var body = $$"""
            {
              // a tutorial's comment
              "name": "c",
              "config": { "connector.class": "{{Source}}", "file": "{{worker.Folder}}/none", "topic": "t", "tasks.max": "1" }
            }
            """;
        var (status, created) = await worker.SendAsync(HttpMethod.Post, "/connectors", body);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("c", (string?)created!["config"]!["name"]);
        Assert.Equal("source", (string?)created["type"]);
        Assert.Equal("""["c"]""", (await worker.GetAsync("/connectors")).Body!.ToJsonString());
        await worker.AwaitStateAsync("c", "RUNNING");
        var running = (await worker.GetAsync("/connectors/c/status")).Body!;
        Assert.Equal(("4.3.1", "4.3.1"), ((string?)running["connector"]!["version"], (string?)running["tasks"]![0]!["version"]));
        Assert.Equal(HttpStatusCode.Conflict, (await worker.SendAsync(HttpMethod.Post, "/connectors", body)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await worker.SendAsync(HttpMethod.Put, "/connectors/c/pause")).Status);
        await worker.AwaitStateAsync("c", "PAUSED");
        Assert.Equal(HttpStatusCode.Accepted, (await worker.SendAsync(HttpMethod.Put, "/connectors/c/resume")).Status);
        await worker.AwaitStateAsync("c", "RUNNING");
        Assert.Equal("none", Path.GetFileName((string?)(await worker.GetAsync("/connectors/c/tasks")).Body![0]!["config"]!["file"]));
        Assert.Equal(HttpStatusCode.NoContent, (await worker.SendAsync(HttpMethod.Delete, "/connectors/c")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync("/connectors/c/status")).Status);
    }

    [Theory]
    [InlineData("org.apache.kafka.connect.file.FileStreamSourceConnector", "topic", "org.apache.kafka.connect.file.FileStreamSourceTask")]
    [InlineData("org.apache.kafka.connect.file.FileStreamSinkConnector", "topics", "org.apache.kafka.connect.file.FileStreamSinkTask")]
    [InlineData("io.confluent.connect.jdbc.JdbcSinkConnector", "topics", "io.confluent.connect.jdbc.sink.JdbcSinkTask")]
    public async Task The_tasks_of_a_connector_say_what_a_Java_worker_needs_to_run_them(string connector, string topicsKey, string task)
    {
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("c", ("connector.class", connector), ("file", Path.Combine(worker.Folder, "none")), (topicsKey, "t"), ("connection.url", "jdbc:postgresql://127.0.0.1:1/none"));
        JsonNode? config = null;
        await TestWorker.AwaitAsync("it has made its task", async () => (config = (await worker.GetAsync("/connectors/c/tasks")).Body!.AsArray().SingleOrDefault()?["config"]) is not null);
        Assert.Equal(task, (string?)config!["task.class"]);
        Assert.Equal("t", (string?)config[topicsKey]);
    }

    [Fact]
    public async Task Offsets_of_a_stopped_connector_are_read_changed_and_reset()
    {
        await using var worker = await TestWorker.StartAsync();
        var file = Path.Combine(worker.Folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(file, "one\ntwo\n", TestContext.Current.CancellationToken);
        await worker.CreateAsync("c", ("connector.class", Source), ("file", file), ("topic", "t"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        Assert.Equal(["one", "two"], await worker.ReadAsync("t", 2));
        Assert.Equal(HttpStatusCode.BadRequest, (await worker.SendAsync(HttpMethod.Delete, "/connectors/c/offsets")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await worker.SendAsync(HttpMethod.Put, "/connectors/c/stop")).Status);
        await worker.AwaitStateAsync("c", "STOPPED");
        var offset = (await worker.GetAsync("/connectors/c/offsets")).Body!["offsets"]![0]!;
        Assert.Equal((file, 8), ((string?)offset["partition"]!["filename"], (int)offset["offset"]!["position"]!));
        var change = "{\"offsets\":[{\"partition\":{\"filename\":\"" + file + "\"},\"offset\":{\"position\":4}}]}";
        Assert.Equal(HttpStatusCode.OK, (await worker.SendAsync(HttpMethod.Patch, "/connectors/c/offsets", change)).Status);
        await worker.SendAsync(HttpMethod.Put, "/connectors/c/resume");
        Assert.Equal(["one", "two", "two"], await worker.ReadAsync("t", 3));
    }

    [Theory]
    [InlineData("""{"name":"x","config":{"connector.class":"No.Such"}}""", 400, "Failed to find any class that implements Connector")]
    [InlineData("""{"name":"x","config":{}}""", 400, "contains no connector type")]
    [InlineData("""{"name":"x","config":{"connector.class":"FileStreamSource"}}""", 400, "Missing required configuration \"topic\" which has no default value.")]
    [InlineData("""{"name":"x","config":{"connector.class":"FileStreamSink"}}""", 400, "Must configure one of topics or topics.regex")]
    [InlineData("""{"name":"x","config":{"connector.class":"FileStreamSource","name":"y"}}""", 400, "doesn't match connector name in the URL")]
    [InlineData("""{"name":"x","config":{"connector.class":"FileStreamSource","topic":"t","transforms":"a","transforms.a.type":"None"}}""", 400, "Class None could not be found")]
    [InlineData("[1", 400, "not valid JSON")]
    public async Task What_is_not_valid_is_refused_with_the_reason(string body, int expected, string reason)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        var (status, answer) = await worker.SendAsync(HttpMethod.Post, "/connectors", body);
        Assert.Equal(expected, (int)status);
        Assert.Equal(expected, (int)answer!["error_code"]!);
        Assert.Contains(reason, (string?)answer["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_tells_of_each_key_its_definition_and_what_is_wrong()
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        var (status, answer) = await worker.SendAsync(
            HttpMethod.Put, "/connector-plugins/FileStreamSourceConnector/config/validate", $$"""{"connector.class":"{{Source}}","name":"x","topic":"t","tasks.max":"0"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, (int)answer!["error_count"]!);
        var tasks = answer["configs"]!.AsArray().Single(entry => (string?)entry!["definition"]!["name"] == "tasks.max")!;
        Assert.Equal(("INT", false, "1"), ((string?)tasks["definition"]!["type"], (bool)tasks["definition"]!["required"]!, (string?)tasks["definition"]!["default_value"]));
        Assert.Equal("Invalid value 0 for configuration tasks.max: Value must be at least 1", (string?)tasks["value"]!["errors"]![0]);
    }

    [Theory]
    [InlineData("/connectors/none")]
    [InlineData("/connectors/none/status")]
    [InlineData("/connectors/none/offsets")]
    [InlineData("/nowhere")]
    public async Task What_is_not_there_is_a_404_in_Kafka_Connects_form(string path)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        var (status, answer) = await worker.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(404, (int)answer!["error_code"]!);
    }

    [Fact]
    public async Task The_worker_tells_of_itself_and_of_what_it_can_run()
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        Assert.NotNull((await worker.GetAsync("/")).Body!["kafka_cluster_id"]);
        Assert.Equal("healthy", (string?)(await worker.GetAsync("/health")).Body!["status"]);
        var plugins = (await worker.GetAsync("/connector-plugins")).Body!.AsArray();
        Assert.Contains(plugins, plugin => (string?)plugin!["class"] == "io.confluent.connect.jdbc.JdbcSinkConnector" && (string?)plugin["type"] == "sink");
    }

    [Theory]
    [InlineData("GET", "/connectors/", 200, null)]
    [InlineData("GET", "//connectors", 400, null)]
    [InlineData("GET", "/connectors/a%2Fb", 400, null)]
    [InlineData("GET", "/connectors/a%20b/config", 404, null)]
    [InlineData("GET", "/Connectors", 404, null)]
    [InlineData("HEAD", "/connectors", 200, null)]
    [InlineData("DELETE", "/connectors", 405, "GET,POST,HEAD,OPTIONS")]
    [InlineData("POST", "/connectors/x", 405, "GET,DELETE,HEAD,OPTIONS")]
    [InlineData("OPTIONS", "/connectors", 200, "GET,POST,HEAD,OPTIONS")]
    [InlineData("OPTIONS", "/nowhere", 404, null)]
    public async Task Paths_and_methods_are_told_apart_as_Apache_Kafkas_worker_does(string method, string path, int status, string? allow)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{worker.WorkerId}") };
        // HttpClient would make one slash of two.
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://{worker.WorkerId}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(allow, response.Content.Headers.Allow.Count == 0 ? null : string.Join(",", response.Content.Headers.Allow));
        if (status >= 400) Assert.Contains($"\"error_code\":{status},", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
