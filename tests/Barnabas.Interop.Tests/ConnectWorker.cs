using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests;

/// <summary>A distributed Connect worker as a process of its own, ours or Java's, asked over HTTP. Killed when disposed.</summary>
internal sealed class ConnectWorker : IAsyncDisposable
{
    private const string BasicAuthentication = "org.apache.kafka.connect.rest.basic.auth.extension.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _log;

    private ConnectWorker(Process process, int port, string log)
    {
        _process = process;
        _log = log;
        Id = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        _http = new HttpClient { BaseAddress = new Uri($"http://{Id}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>As states name it.</summary>
    public string Id { get; }

    /// <summary>Starts it and waits until it answers for the group.</summary>
    public static Task<ConnectWorker> StartAsync(Distribution distribution, string bootstrap, string folder, params string[] settings) =>
        StartAsync(distribution, bootstrap, folder, user: null, settings);

    /// <summary>The same, where a login file names the only user whose requests it answers: name and password.</summary>
    public static async Task<ConnectWorker> StartAsync(Distribution distribution, string bootstrap, string folder, (string Name, string Password)? user, IReadOnlyList<string> settings)
    {
        var port = FreePorts.Next();
        var properties = Path.Combine(folder, $"worker-{port}.properties");
        await File.WriteAllLinesAsync(properties,
        [
            $"bootstrap.servers={bootstrap}",
            "group.id=workers",
            "key.converter=org.apache.kafka.connect.storage.StringConverter",
            "value.converter=org.apache.kafka.connect.storage.StringConverter",
            "offset.storage.topic=connect-offsets",
            "config.storage.topic=connect-configs",
            "status.storage.topic=connect-status",
            "offset.storage.replication.factor=1",
            "config.storage.replication.factor=1",
            "status.storage.replication.factor=1",
            "offset.storage.partitions=1",
            "status.storage.partitions=1",
            "offset.flush.interval.ms=500",
            "session.timeout.ms=6000",
            "heartbeat.interval.ms=500",
            "scheduled.rebalance.max.delay.ms=3000",
            $"listeners=http://127.0.0.1:{port}",
            "rest.advertised.host.name=127.0.0.1",
            .. user is null ? [] : (string[])[$"rest.extension.classes={BasicAuthentication}BasicAuthSecurityRestExtension"],
            .. settings,
        ]);
        var log = Path.Combine(folder, $"worker-{port}.log");
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["sh", "-c", "exec \"$0\" \"$1\" >>\"$2\" 2>&1", distribution.Tool("connect-distributed"), properties, log]) start.ArgumentList.Add(argument);
        start.Environment["LOG_DIR"] = folder;
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xms64m -Xmx256m";
        if (user is { } known) start.Environment["KAFKA_OPTS"] = "-Djava.security.auth.login.config=" + WriteLogin(folder, known);
        var worker = new ConnectWorker(Process.Start(start)!, port, log);
        if (user is var (name, password)) worker._http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        try
        {
            await worker.AwaitAsync("the worker answers", async () => await worker.TryGetAsync("/connectors") is not null);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates or replaces a connector; answers that ask to come again are followed.</summary>
    public Task PutAsync(string name, params (string Key, string Value)[] configs)
    {
        var body = new JsonObject(configs.Select(config => KeyValuePair.Create(config.Key, (JsonNode?)config.Value))).ToJsonString();
        return AwaitAsync($"connector {name} is accepted", async () =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _http.PutAsync($"/connectors/{name}/config", content);
            Assert.True(response.IsSuccessStatusCode || (int)response.StatusCode is 409 or 500, $"PUT {name}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return response.IsSuccessStatusCode;
        });
    }

    /// <summary>What somebody is answered who gives no name.</summary>
    public async Task<string> AskAsStrangerAsync(string path)
    {
        using var stranger = new HttpClient { BaseAddress = _http.BaseAddress };
        using var response = await stranger.GetAsync(path);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>Where the running connectors and tasks are: <c>name</c> or <c>name-task</c> to a worker's id.</summary>
    public async Task<Dictionary<string, string>> OwnersAsync()
    {
        var owners = new Dictionary<string, string>();
        foreach (var name in (await TryGetAsync("/connectors"))?.AsArray().Select(name => (string)name!) ?? [])
        {
            if (await TryGetAsync($"/connectors/{name}/status") is not { } status) continue;
            if ((string?)status["connector"]!["state"] == "RUNNING") owners[name] = (string)status["connector"]!["worker_id"]!;
            foreach (var task in status["tasks"]!.AsArray())
                if ((string?)task!["state"] == "RUNNING") owners[$"{name}-{task["id"]}"] = (string)task["worker_id"]!;
        }

        return owners;
    }

    public async Task AwaitAsync(string what, Func<Task<bool>> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.False(_process.HasExited, $"worker {Id} has ended:\n{LogTail()}");
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, $"after {Patience} it is not so that {what}:\n{LogTail()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>kill -9 of the worker and its launcher.</summary>
    public async Task KillAsync()
    {
        if (_process.HasExited) return;
        using var kill = Process.Start("kill", ["-KILL", "--", $"-{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static string WriteLogin(string folder, (string Name, string Password) user)
    {
        var users = Path.Combine(folder, "users.properties");
        File.WriteAllText(users, $"{user.Name}={user.Password}\n");
        var login = Path.Combine(folder, "login.conf");
        File.WriteAllText(login, $"KafkaConnect {{\n  {BasicAuthentication}PropertyFileLoginModule required\n  file=\"{users}\";\n}};\n");
        return login;
    }

    // What was only asked, and that is ten times a second, says nothing.
    private string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).Where(line => !line.Contains("\"GET /", StringComparison.Ordinal)).TakeLast(15)) : "(no output)";

    private async Task<JsonNode?> TryGetAsync(string path)
    {
        try
        {
            using var response = await _http.GetAsync(path);
            return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
