using System.Diagnostics;
using Barnabas.Bench.Load;
using Barnabas.Tests.Support;

namespace Barnabas.Bench.Systems;

/// <summary>One node, broker and controller, started by its distribution's own commands on a fresh folder, in a process group of its own. Killed and wiped when disposed.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly string _properties;
    private ProcessGroup? _process;

    private BrokerProcess(SystemUnderTest system, string folder, int port)
    {
        System = system;
        Folder = folder;
        Port = port;
        _properties = Path.Combine(folder, "server.properties");
    }

    public SystemUnderTest System { get; }

    public string Folder { get; }

    public string DataFolder => Path.Combine(Folder, "logs");

    public int Port { get; }

    public string Bootstrap => $"localhost:{Port}";

    public int ProcessId => _process?.Id ?? throw new BenchException($"{System.Name} does not run");

    /// <summary>From the start command to the first reply.</summary>
    public TimeSpan TimeToFirstReply { get; private set; }

    public double CpuSeconds => ProcessTree.CpuSeconds(ProcessId);

    public double PeakMegabytes => ProcessTree.PeakMegabytes(ProcessId);

    public double ResidentMegabytes => ProcessTree.ResidentMegabytes(ProcessId);

    /// <summary>Formats a fresh folder and starts a node on it, and waits for its first reply.</summary>
    public static async Task<BrokerProcess> StartAsync(SystemUnderTest system, string workFolder, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        var broker = await PrepareAsync(system, workFolder, properties, cancellationToken);
        try
        {
            await broker.RunAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Formats a fresh folder; the node does not run yet.</summary>
    public static async Task<BrokerProcess> PrepareAsync(SystemUnderTest system, string workFolder, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        var folder = NewFolder(workFolder);
        var broker = new BrokerProcess(system, folder, FreePorts.Next());
        await File.WriteAllLinesAsync(broker._properties, [.. broker.Properties(), .. properties], cancellationToken);
        var id = (await Command.RunAsync(system.Tool("kafka-storage"), ["random-uuid"], cancellationToken)).Output.Trim();
        await Command.RunAsync(system.Tool("kafka-storage"), ["format", "--standalone", "-t", id, "-c", broker._properties], cancellationToken);
        return broker;
    }

    /// <summary>Starts the node on the folder as it is.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        _process = ProcessGroup.Start(Path.Combine(Folder, "server.log"), [System.Tool("kafka-server-start"), _properties], Folder);
        while (!await FirstReply.ComesAsync(Port, cancellationToken))
        {
            if (_process.HasExited)
                throw new BenchException($"{System.Name} ended with {_process.ExitCode}: {_process.LogTail()}");
            if (Stopwatch.GetElapsedTime(begin) > Patience)
                throw new BenchException($"{System.Name} did not answer within {Patience.TotalSeconds} s: {_process.LogTail()}");
            await Task.Delay(2, cancellationToken);
        }
        TimeToFirstReply = Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>kill -9 of the node, which can be started again.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>SIGTERM, and waits for the clean end.</summary>
    public Task StopAsync() => EndAsync("TERM");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task EndAsync(string signal)
    {
        if (_process is null)
            return;
        await _process.EndAsync(signal);
        await _process.DisposeAsync();
        _process = null;
    }

    private static string NewFolder(string parent)
    {
        var folder = Path.Combine(parent, "barnabas-bench." + Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        return folder;
    }

    private IEnumerable<string> Properties() =>
    [
        "process.roles=broker,controller",
        "node.id=1",
        $"controller.quorum.bootstrap.servers=localhost:{Port + 1}",
        $"listeners=PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{Port + 1}",
        $"advertised.listeners=PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{Port + 1}",
        "controller.listener.names=CONTROLLER",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        $"log.dirs={DataFolder}",
        "offsets.topic.replication.factor=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
    ];
}
