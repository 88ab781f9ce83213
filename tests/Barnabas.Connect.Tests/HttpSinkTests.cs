using System.Collections.Concurrent;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The HTTP sink on a real server, fed by the file source.</summary>
public sealed class HttpSinkTests
{
    [Fact]
    public async Task Each_record_is_a_request_with_headers_and_a_token()
    {
        await using var hook = await HttpPeer.StartAsync(_ => new(200, ""));
        await using var worker = await TestWorker.StartAsync();
        await FeedAsync(worker, "one", "two");
        await worker.CreateAsync("sink", Sink(hook, ("headers", "X-A: 1|Content-Type: text/x-line"), ("auth.type", "bearer"), ("bearer.token", "abc")));
        await AwaitBodiesAsync(hook, "one", "two");
        Assert.All(hook.Requests, request => Assert.Equal(
            ("POST", "/hook/lines", "1", "text/x-line", "Bearer abc"), (request.Method, request.Path, request.Headers["X-A"], request.Headers["Content-Type"], request.Headers["Authorization"])));
    }

    [Fact]
    public async Task Records_go_together_as_a_JSON_list_up_to_the_batch_size()
    {
        await using var hook = await HttpPeer.StartAsync(_ => new(204, ""));
        await using var worker = await TestWorker.StartAsync();
        await FeedAsync(worker, "a", "b", "c", "d", "e");
        await worker.ReadAsync("lines", 5);
        await worker.CreateAsync("sink", Sink(hook, ("batch.max.size", "3"), ("batch.json.as.array", "true"), ("request.method", "PUT")));
        await AwaitBodiesAsync(hook, """["a","b","c"]""", """["d","e"]""");
        Assert.All(hook.Requests, request => Assert.Equal(("PUT", "application/json"), (request.Method, request.Headers["Content-Type"])));
    }

    [Fact]
    public async Task A_server_that_fails_gets_the_same_request_again_and_nothing_twice_once_it_took_it()
    {
        var attempts = 0;
        await using var hook = await HttpPeer.StartAsync(request => new(request.Body == "b" && Interlocked.Increment(ref attempts) <= 2 ? 500 : 200, ""));
        await using var worker = await TestWorker.StartAsync();
        await FeedAsync(worker, "a", "b", "c");
        await worker.CreateAsync("sink", Sink(hook));
        await AwaitBodiesAsync(hook, "a", "b", "b", "b", "c");
    }

    [Fact]
    public async Task What_the_server_refuses_ends_in_the_dead_letter_queue_and_the_others_go_on()
    {
        await using var hook = await HttpPeer.StartAsync(request => new(request.Body == "bad" ? 422 : 200, "no such thing"));
        await using var worker = await TestWorker.StartAsync();
        await FeedAsync(worker, "a", "bad", "c");
        await worker.CreateAsync("sink", Sink(hook, ("errors.tolerance", "all"), ("errors.deadletterqueue.topic.name", "dead"), ("errors.deadletterqueue.topic.replication.factor", "1")));
        Assert.Equal(["bad"], await worker.ReadAsync("dead", 1));
        await AwaitBodiesAsync(hook, "a", "bad", "c");
    }

    [Fact]
    public async Task Without_tolerance_a_refusal_ends_the_task_with_the_answer()
    {
        await using var hook = await HttpPeer.StartAsync(_ => new(400, "no such thing"));
        await using var worker = await TestWorker.StartAsync(isDistributed: false);
        await FeedAsync(worker, "a");
        await worker.CreateAsync("sink", Sink(hook));
        await worker.AwaitFailureAsync("sink", "did not take 1 record(s): the answer was 400 Bad Request: no such thing");
    }

    private static async Task FeedAsync(TestWorker worker, params string[] lines)
    {
        var file = Path.Combine(worker.Folder, "in.txt");
        await System.IO.File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
        await worker.CreateAsync("lines", ("connector.class", "FileStreamSource"), ("file", file), ("topic", "lines"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
    }

    private static (string, string)[] Sink(HttpPeer hook, params (string, string)[] more) =>
    [
        ("connector.class", "io.confluent.connect.http.HttpSinkConnector"), ("http.api.url", hook.Url + "hook/${topic}"), ("topics", "lines"), ("retry.backoff.ms", "10"),
        ("value.converter", "org.apache.kafka.connect.storage.StringConverter"), .. more,
    ];

    private static async Task AwaitBodiesAsync(HttpPeer hook, params string[] bodies)
    {
        await TestWorker.AwaitAsync($"{bodies.Length} requests were made", () => Task.FromResult(hook.Requests.Count >= bodies.Length));
        Assert.Equal(bodies, hook.Requests.Select(request => request.Body));
    }
}
