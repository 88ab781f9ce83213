using System.Net;
using System.Text.Json.Nodes;
using Barnabas.Connect.Tests.Support;
using Barnabas.Testing;

namespace Barnabas.Connect.Tests;

/// <summary>Several workers share the work: each task runs once, and moves when a worker comes or goes.</summary>
public sealed class WorkerGroupTests : IAsyncLifetime
{
    private const string Source = "FileStreamSource";

    private readonly List<TestWorker> _workers = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-workers-").FullName;
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sessioned")]
    [InlineData("compatible")]
    [InlineData("eager")]
    public async Task The_work_is_shared_by_two_workers_and_taken_over_when_one_leaves(string protocol)
    {
        var first = await JoinAsync(("connect.protocol", protocol));
        for (var i = 0; i < 4; i++) await first.CreateAsync($"c{i}", ("connector.class", Source), ("file", Path.Combine(_folder, $"none-{i}")), ("topic", "t"));
        await AwaitShareAsync(4, first);
        var second = await JoinAsync(("connect.protocol", protocol));
        await AwaitShareAsync(2, first, second);
        Assert.Equal(await OwnersAsync(first), await OwnersAsync(second));
        await LeaveAsync(second);
        await AwaitShareAsync(4, first);
    }

    [Fact]
    public async Task Every_worker_answers_for_all_by_sending_requests_where_they_belong()
    {
        var workers = new[] { await JoinAsync(), await JoinAsync(), await JoinAsync() };
        for (var i = 0; i < workers.Length; i++)
            await workers[i].CreateAsync($"c{i}", ("connector.class", Source), ("file", Path.Combine(_folder, $"none-{i}")), ("topic", "t"));
        await AwaitShareAsync(1, workers);
        foreach (var worker in workers)
        {
            Assert.Equal("""["c0","c1","c2"]""", (await worker.GetAsync("/connectors")).Body!.ToJsonString());
            Assert.Equal(HttpStatusCode.Conflict, (await worker.SendAsync(HttpMethod.Post, "/connectors", Body("c0"))).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await worker.SendAsync(HttpMethod.Post, "/connectors/c1/restart")).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await worker.SendAsync(HttpMethod.Post, "/connectors/c2/tasks/0/restart")).Status);
            var (status, body) = await worker.SendAsync(HttpMethod.Post, "/connectors/c0/restart?includeTasks=true");
            Assert.Equal((HttpStatusCode.Accepted, "RESTARTING"), (status, (string?)body!["tasks"]![0]!["state"]));
            await worker.AwaitStateAsync("c0", "RUNNING");
        }

        Assert.Equal(HttpStatusCode.NoContent, (await workers[1].SendAsync(HttpMethod.Put, "/connectors/c2/stop")).Status);
        await workers[2].AwaitStateAsync("c2", "STOPPED");
        Assert.Equal(HttpStatusCode.NoContent, (await workers[2].SendAsync(HttpMethod.Delete, "/connectors/c1")).Status);
        await TestWorker.AwaitAsync("c1 is forgotten everywhere", async () =>
        {
            foreach (var worker in workers)
                if ((await worker.GetAsync("/connectors/c1/status")).Status != HttpStatusCode.NotFound) return false;
            return true;
        });
    }

    [Fact]
    public async Task What_the_leader_is_asked_for_must_be_signed_with_the_key_of_the_session()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await second.CreateAsync("c0", ("connector.class", Source), ("file", Path.Combine(_folder, "none")), ("topic", "t"));
        await first.AwaitStateAsync("c0", "RUNNING");
        foreach (var worker in _workers)
        {
            var (status, body) = await worker.SendAsync(HttpMethod.Post, "/connectors/c0/tasks", "[]");
            Assert.Equal((HttpStatusCode.BadRequest, "Internal request missing required signature"), (status, (string?)body!["message"]));
            (status, body) = await worker.SendAsync(HttpMethod.Put, "/connectors/c0/fence", null, ("X-Connect-Authorization", "AAAA"), ("X-Connect-Request-Signature-Algorithm", "HmacSHA256"));
            Assert.Equal((HttpStatusCode.Forbidden, "Internal request contained invalid signature."), (status, (string?)body!["message"]));
            (status, body) = await worker.SendAsync(HttpMethod.Put, "/connectors/c0/fence", null, ("X-Connect-Authorization", "AAAA"), ("X-Connect-Request-Signature-Algorithm", "HmacSHA512"));
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }
    }

    [Fact]
    public async Task The_leader_takes_tasks_that_are_signed_and_no_other_worker_does()
    {
        var workers = new[] { await JoinAsync(), await JoinAsync() };
        await workers[1].CreateAsync("c0", ("connector.class", Source), ("file", Path.Combine(_folder, "none")), ("topic", "t"));
        await workers[0].AwaitStateAsync("c0", "RUNNING");
        var session = (await workers[0].ReadRecordsAsync("connect-configs", 1)).Last(record => record.Key == "session-key").Value!;
        var key = Convert.FromBase64String((string)JsonNode.Parse(session)!["key"]!);
        var tasks = new JsonArray(new JsonObject { ["file"] = Path.Combine(_folder, "other"), ["topic"] = "t", ["task.class"] = "x" }).ToJsonString();
        var signature = Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(tasks)));
        var answers = new List<HttpStatusCode>();
        foreach (var worker in workers)
            answers.Add((await worker.SendAsync(HttpMethod.Post, "/connectors/c0/tasks", tasks, ("X-Connect-Authorization", signature), ("X-Connect-Request-Signature-Algorithm", "HmacSHA256"))).Status);
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Order());
        foreach (var worker in workers)
            await TestWorker.AwaitAsync("both have the tasks", async () => (string?)(await worker.GetAsync("/connectors/c0/tasks")).Body![0]!["config"]!["file"] == Path.Combine(_folder, "other"));
    }

    [Fact]
    public async Task A_request_that_was_sent_on_already_and_still_is_not_where_it_belongs_is_refused()
    {
        var workers = new[] { await JoinAsync(), await JoinAsync() };
        var answers = new List<(HttpStatusCode Status, string? Message)>();
        foreach (var worker in workers)
        {
            var (status, body) = await worker.SendAsync(HttpMethod.Post, "/connectors?forward=false", Body($"c{answers.Count}"));
            answers.Add((status, (string?)body!["message"]));
        }

        var refused = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Conflict);
        Assert.Equal("Cannot complete request because of a conflicting operation (e.g. worker rebalance)", refused.Message);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_loggers_level_is_set_on_one_worker_or_on_all()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        var (status, changed) = await first.SendAsync(HttpMethod.Put, "/admin/loggers/Barnabas.Connect.Stores", """{"level":"WARN"}""");
        Assert.Equal((HttpStatusCode.OK, "Barnabas.Connect.Stores"), (status, (string?)changed![0]));
        Assert.Equal("WARN", (string?)(await first.GetAsync("/admin/loggers/Barnabas.Connect.Stores")).Body!["level"]);
        Assert.Equal("INFO", (string?)(await second.GetAsync("/admin/loggers/Barnabas.Connect.Stores")).Body!["level"]);
        Assert.Equal(HttpStatusCode.NoContent, (await first.SendAsync(HttpMethod.Put, "/admin/loggers/Barnabas.Connect?scope=cluster", """{"level":"ERROR"}""")).Status);
        foreach (var worker in _workers)
            await TestWorker.AwaitAsync("all have the level", async () => (string?)(await worker.GetAsync("/admin/loggers/Barnabas.Connect.Stores")).Body!["level"] == "ERROR");
        Assert.Equal(HttpStatusCode.NotFound, (await first.SendAsync(HttpMethod.Put, "/admin/loggers/x", """{"level":"LOUD"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await first.SendAsync(HttpMethod.Put, "/admin/loggers/x", "{}")).Status);
    }

    private string Body(string name) => new JsonObject { ["name"] = name, ["config"] = new JsonObject { ["connector.class"] = Source, ["file"] = Path.Combine(_folder, "none"), ["topic"] = "t" } }.ToJsonString();

    private async Task<TestWorker> JoinAsync(params (string Key, string Value)[] properties)
    {
        var worker = await TestWorker.JoinAsync(_broker, _folder, properties.ToDictionary(property => property.Key, property => property.Value));
        _workers.Add(worker);
        return worker;
    }

    private async Task LeaveAsync(TestWorker worker)
    {
        _workers.Remove(worker);
        await worker.DisposeAsync();
    }

    // Each worker runs as many connectors and as many tasks, all run, and every worker sees that.
    private static Task AwaitShareAsync(int each, params TestWorker[] workers) => TestWorker.AwaitAsync($"each of {workers.Length} workers runs {each} connectors and tasks", async () =>
    {
        foreach (var worker in workers)
        {
            var owners = (await OwnersAsync(worker)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (owners.Length != 2 * each * workers.Length) return false;
            if (!workers.All(other => owners.Count(owner => owner.EndsWith($"connector@{other.WorkerId}", StringComparison.Ordinal)) == each
                && owners.Count(owner => owner.EndsWith($"task@{other.WorkerId}", StringComparison.Ordinal)) == each)) return false;
        }

        return true;
    });

    private static async Task<string> OwnersAsync(TestWorker worker)
    {
        var owners = new List<string>();
        foreach (var (name, connector) in (await worker.GetAsync("/connectors?expand=status")).Body!.AsObject())
        {
            var status = connector!["status"];
            if (status is null) continue;
            if ((string?)status["connector"]!["state"] == "RUNNING") owners.Add($"{name}:connector@{status["connector"]!["worker_id"]}");
            owners.AddRange(status["tasks"]!.AsArray().Where(task => (string?)task!["state"] == "RUNNING").Select(task => $"{name}:task@{task!["worker_id"]}"));
        }

        return string.Join(' ', owners.Order(StringComparer.Ordinal));
    }
}
