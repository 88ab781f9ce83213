using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Barnabas.Tests.Support;

namespace Barnabas.Bench.Systems;

/// <summary>A distributed Connect worker of the distribution under test, with its own defaults, in a process group of its own. Killed and wiped when disposed.</summary>
internal sealed class ConnectWorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ProcessGroup _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private ConnectWorkerProcess(ProcessGroup process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    public double CpuSeconds => ProcessTree.CpuSeconds(_process.Id);

    public double ResidentMegabytes => ProcessTree.ResidentMegabytes(_process.Id);

    public static async Task<ConnectWorkerProcess> StartAsync(SystemUnderTest system, string bootstrap, string workFolder, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workFolder, "barnabas-bench-connect." + Path.GetRandomFileName())).FullName;
        var port = FreePorts.Next();
        var properties = Path.Combine(folder, "worker.properties");
        await File.WriteAllLinesAsync(properties,
        [
            $"bootstrap.servers={bootstrap}",
            $"group.id=bench-{port}",
            "key.converter=org.apache.kafka.connect.json.JsonConverter",
            "value.converter=org.apache.kafka.connect.json.JsonConverter",
            $"offset.storage.topic=offsets-{port}",
            $"config.storage.topic=configs-{port}",
            $"status.storage.topic=status-{port}",
            "offset.storage.replication.factor=1",
            "config.storage.replication.factor=1",
            "status.storage.replication.factor=1",
            $"listeners=http://127.0.0.1:{port}",
        ], cancellationToken);
        var process = ProcessGroup.Start(Path.Combine(folder, "worker.log"), [system.Tool("connect-distributed"), properties], folder);
        var worker = new ConnectWorkerProcess(process, folder, port);
        try
        {
            await worker.AwaitAsync("the worker answers", async () => await worker.TryGetAsync("/connectors", cancellationToken) is not null, cancellationToken);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a connector and waits until all of its tasks run.</summary>
    public async Task CreateAsync(string name, IEnumerable<(string Key, string Value)> configs, CancellationToken cancellationToken)
    {
        var body = new JsonObject(configs.Select(config => KeyValuePair.Create(config.Key, (JsonNode?)config.Value))).ToJsonString();
        await AwaitAsync($"connector {name} is accepted", async () =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await _http.PutAsync($"/connectors/{name}/config", content, cancellationToken);
            // 409: the worker has just joined.
            if (!response.IsSuccessStatusCode && (int)response.StatusCode != 409)
                throw new BenchException($"connector {name}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            return response.IsSuccessStatusCode;
        }, cancellationToken);
        await AwaitAsync($"connector {name} runs", async () =>
        {
            if (await TryGetAsync($"/connectors/{name}/status", cancellationToken) is not { } status)
                return false;
            if (status["tasks"]!.AsArray().FirstOrDefault(task => (string?)task!["state"] == "FAILED") is { } failed)
                throw new BenchException($"connector {name} has failed: {failed["trace"]}");
            return status["tasks"]!.AsArray() is { Count: > 0 } tasks && tasks.All(task => (string?)task!["state"] == "RUNNING");
        }, cancellationToken);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync($"/connectors/{name}", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new BenchException($"connector {name} could not be deleted: {response.StatusCode}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AwaitAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begin) > Patience)
                throw new BenchException($"it is not so that {what}: {_process.LogTail()}");
            await Task.Delay(50, cancellationToken);
        }
    }

    private async Task<JsonNode?> TryGetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
