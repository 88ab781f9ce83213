using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The HTTP source on a real server.</summary>
public sealed class HttpSourceTests
{
    private const string ClassName = "io.confluent.connect.http.HttpSourceConnector";

    [Fact]
    public async Task Each_device_of_a_range_is_asked_at_its_interval_and_its_answers_are_records()
    {
        await using var api = await HttpPeer.StartAsync(request => new(200, $$"""{"DeviceId":{{request.Path.Trim('/')}},"sensor1":1,"isFail":false,"time":"t"}"""));
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("fms", Source(api, "{DeviceId}/", ("entity.names", "1..3,7"), ("tasks.max", "2"), ("http.request.headers", "X-Plant: seoul|Accept: application/json"), ("auth.type", "BASIC"), ("connection.user", "me"), ("connection.password", "secret")));
        var values = (await worker.ReadAsync("api", 12)).Select(text => JsonNode.Parse(text!)!).ToList();
        Assert.Equal([1, 2, 3, 7], values.Select(value => (int)value["payload"]!["DeviceId"]!).Distinct().Order());
        Assert.Equal(["int64 DeviceId", "int64 sensor1", "boolean isFail", "string time"], values[0]["schema"]!["fields"]!.AsArray().Select(field => $"{field!["type"]} {field["field"]}"));
        Assert.All(api.Requests, request => Assert.Equal(("seoul", "application/json", "Basic bWU6c2VjcmV0"), (request.Headers["X-Plant"], request.Headers["Accept"], request.Headers["Authorization"])));
        Assert.Equal(2, (await worker.GetAsync("/connectors/fms/tasks")).Body!.AsArray().Count);
    }

    [Fact]
    public async Task Only_records_above_the_highest_offset_are_taken_also_after_a_restart()
    {
        var last = 3;
        await using var api = await HttpPeer.StartAsync(_ => new(200, "{\"data\":{\"items\":[" + string.Join(',', Enumerable.Range(1, Volatile.Read(ref last)).Reverse().Select(id => $"{{\"id\":{id}}}")) + "]}}"));
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("c", Source(api, "", ("http.response.data.json.pointer", "/data/items"), ("http.offset.mode", "INCREASING"), ("http.offset.json.pointer", "/id"), ("http.response.value", "text")));
        Assert.Equal([1, 2, 3], Ids(await worker.ReadAsync("api", 3)));
        await AwaitCommittedAsync(worker, "3");
        await worker.RestartAsync();
        Volatile.Write(ref last, 5);
        Assert.Equal([1, 2, 3, 4, 5], Ids(await worker.ReadAsync("api", 5)));
        await AwaitCommittedAsync(worker, "5");
    }

    [Fact]
    public async Task A_server_that_pages_is_told_the_last_record()
    {
        await using var api = await HttpPeer.StartAsync(request =>
        {
            var since = int.Parse(request.Path.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture);
            return new(200, since >= 6 ? "[]" : $$"""[{"id":{{since + 1}}},{"id":{{since + 2}}}]""");
        });
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("c", Source(api, "events", ("http.request.parameters", "since=${offset}"), ("http.initial.offset", "0"), ("http.offset.mode", "CHAINING"), ("http.offset.json.pointer", "/id"), ("http.response.value", "text")));
        Assert.Equal([1, 2, 3, 4, 5, 6], Ids(await worker.ReadAsync("api", 6)));
        await TestWorker.AwaitAsync("the server is asked what follows the last", () => Task.FromResult(api.Requests.Any(request => request.Path == "/events?since=6")));
    }

    [Fact]
    public async Task An_answer_whose_tag_is_known_gives_no_record()
    {
        var version = 1;
        await using var api = await HttpPeer.StartAsync(request =>
        {
            var tag = $"\"v{Volatile.Read(ref version)}\"";
            return request.Headers.GetValueOrDefault("If-None-Match") == tag ? new(304, "", tag) : new(200, $"\"state {Volatile.Read(ref version)}\"", tag);
        });
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("c", Source(api, "", ("http.offset.mode", "ETAG"), ("http.response.value", "text")));
        Assert.Equal(["\"state 1\""], Payloads(await worker.ReadAsync("api", 1)));
        await TestWorker.AwaitAsync("it was asked with the tag", () => Task.FromResult(api.Requests.Any(request => request.Headers.GetValueOrDefault("If-None-Match") == "\"v1\"")));
        Volatile.Write(ref version, 2);
        Assert.Equal(["\"state 1\"", "\"state 2\""], Payloads(await worker.ReadAsync("api", 2)));
    }

    [Fact]
    public async Task A_server_that_fails_for_a_while_is_asked_again_and_others_are_not_held_up()
    {
        var attempts = new ConcurrentDictionary<string, int>();
        await using var api = await HttpPeer.StartAsync(request =>
        {
            var attempt = attempts.AddOrUpdate(request.Path, 1, (_, count) => count + 1);
            return request.Path == "/1" && attempt <= 3 ? new(503, "busy") : new(200, $"\"{request.Path}\"");
        });
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("c", Source(api, "{id}", ("entity.names", "1..2"), ("request.interval.ms", "3600000"), ("http.response.value", "text")));
        Assert.Equal(["\"/1\"", "\"/2\""], Payloads(await worker.ReadAsync("api", 2)).Order());
        Assert.Equal((4, 1), (attempts["/1"], attempts["/2"]));
    }

    [Theory]
    [InlineData("401 {}", "the answer was 401 Unauthorized")]
    [InlineData("200 no json", "the answer is not JSON")]
    [InlineData("200 {\"a\":[]}", "nothing where http.response.data.json.pointer points to")]
    [InlineData("200 {\"data\":[111111111111111111111111111111111111111111111111111111111]}", "larger than http.response.max.bytes=64 bytes")]
    public async Task What_no_further_try_can_mend_ends_the_task_with_the_reason(string answer, string reason)
    {
        await using var api = await HttpPeer.StartAsync(_ => new(int.Parse(answer.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), answer[4..]));
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        await worker.CreateAsync("c", Source(api, "", ("http.response.data.json.pointer", "/data"), ("http.response.max.bytes", "64")));
        await worker.AwaitFailureAsync("c", reason);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("url", "ftp://x/", "must be an http or https URL")]
    [InlineData("entity.names", "5..1", "is not a range of numbers")]
    [InlineData("entity.names", "1..99999999", "more than 10000 names")]
    [InlineData("http.response.data.json.pointer", "data", "begins with a slash")]
    [InlineData("http.offset.mode", "CHAINING", "must be given for this http.offset.mode")]
    [InlineData("auth.type", "BEARER", "bearer.token must be given")]
    [InlineData("retry.on.status.codes", "5xx", "is not a status code")]
    public async Task A_configuration_that_cannot_work_is_refused(string key, string value, string reason)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        var config = new JsonObject { ["connector.class"] = "HttpSource", ["url"] = "http://h/{id}", ["entity.names"] = "1", ["topic.name.pattern"] = "t", [key] = value };
        var (status, answer) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", config.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, (string?)answer!["message"], StringComparison.Ordinal);
    }

    private static (string, string)[] Source(HttpPeer api, string path, params (string, string)[] more) =>
        [.. ((IEnumerable<(string Key, string Value)>)[("connector.class", ClassName), ("url", api.Url + path), ("topic.name.pattern", "api"), ("request.interval.ms", "50"), ("retry.backoff.ms", "10")])
            .ExceptBy(more.Select(pair => pair.Item1), pair => pair.Key), .. more];

    private static async Task AwaitCommittedAsync(TestWorker worker, string offset)
    {
        var last = "";
        await TestWorker.AwaitAsync(() => $"the offset {offset} is committed: {last}", async () =>
        {
            var (_, body) = await worker.GetAsync("/connectors/c/offsets");
            last = $"{body}";
            return body!["offsets"]!.AsArray() is [var only] && only!["offset"]!["offset"]!.ToJsonString() == offset;
        });
    }

    private static IEnumerable<string?> Payloads(IEnumerable<string?> values) => values.Select(value => (string?)JsonNode.Parse(value!)!["payload"]);

    private static IEnumerable<int> Ids(IEnumerable<string?> values) => Payloads(values).Select(text => (int)JsonNode.Parse(text!)!["id"]!);
}
