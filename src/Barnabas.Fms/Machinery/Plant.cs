using System.Globalization;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Readings;
using Barnabas.Fms.Relaying;
using Barnabas.Fms.Simulation;
using Barnabas.Fms.Storing;

namespace Barnabas.Fms.Machinery;

/// <summary>
/// The whole pipeline: a node with a Connect worker in a process of its own, the simulated factory, the HTTP source and the
/// JDBC sink on the worker, the database, and in this process the analyser and the keyword filter. Stopped when disposed.
/// </summary>
internal sealed class Plant : IAsyncDisposable
{
    private const int Partitions = 2;
    private static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(20);

    private readonly FmsWorld _world;
    private readonly PlantOptions _options;
    private readonly string _folder;
    private readonly int _simulatorPort;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _relays = [];
    private SimulatorServer? _simulator;
    private SensorStore? _store;

    private Plant(FmsWorld world, PlantOptions options)
    {
        _world = world;
        _options = options;
        var random = world.Environment.Random;
        var (port, connectPort) = (Ports.Choose(options.Port, "the node", random), Ports.Choose(options.ConnectPort, "Connect", random));
        _simulatorPort = Ports.Choose(options.SimulatorPort, "the simulator", random);
        _folder = options.DataFolder is { } folder ? Directory.CreateDirectory(folder).FullName : Directory.CreateTempSubdirectory("barnabas-fms-").FullName;
        Node = new NodeProcess(world, _folder, port, connectPort);
    }

    public NodeProcess Node { get; }

    public SimulatorServer Simulator => _simulator!;

    public SensorStore Store => _store!;

    /// <summary>The database server; null where it is somebody else's or SQLite.</summary>
    public PostgreSqlServer? PostgreSql { get; private set; }

    /// <summary>Readings after this are collected, in milliseconds since 1970.</summary>
    public long CollectsFromMs { get; private set; }

    public RelayProgress Analyser { get; } = new();

    public RelayProgress Filter { get; } = new();

    public IReadOnlyList<string> Servers => [Node.BootstrapServer];

    /// <summary>Starts all of it, and tells a line about each part.</summary>
    /// <exception cref="FmsException">A part does not start.</exception>
    public static async Task<Plant> StartAsync(FmsWorld world, PlantOptions options, CancellationToken stop)
    {
        var plant = new Plant(world, options);
        try
        {
            await plant.StartAsync(stop);
            return plant;
        }
        catch
        {
            await plant.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_relays).WaitAsync(RelayPatience, _world.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        await Node.DisposeAsync();
        if (PostgreSql is not null)
            await PostgreSql.DisposeAsync();
        _stopping.Dispose();
        if (_options.DataFolder is null)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken stop)
    {
        var starting = Node.StartAsync(stop);
        try
        {
            await StartStoreAsync(stop);
            await StartSimulatorAsync(stop);
        }
        finally
        {
            // Whatever happened to the others: the process is there, and has to be known before it is ended.
            await starting;
        }

        await _world.TellAsync($"node       serves Kafka clients on {Node.BootstrapServer}, Kafka Connect on {Node.Connect!.Address.AbsoluteUri.TrimEnd('/')}, in process {Node.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        await FmsTopics.CreateAsync(Servers, [FmsTopics.SensorData, FmsTopics.SensorAlerts, FmsTopics.CriticalAlerts], Partitions, _world.Environment, stop);
        await PutConnectorsAsync(stop);
        await _world.TellAsync($"connectors fms-devices (HTTP source) -> {FmsTopics.SensorData} -> fms-storage (JDBC sink)");
        _relays.Add(Relays.AnalyseAsync(RelayTo(FmsTopics.SensorData, FmsTopics.SensorAlerts, "fms-analyser"), new AnalysisOptions(), Analyser, _world.Environment, _stopping.Token));
        _relays.Add(Relays.FilterAsync(RelayTo(FmsTopics.SensorAlerts, FmsTopics.CriticalAlerts, "fms-filter"), _options.Keywords, false, Filter, _world.Environment, _stopping.Token));
        await _world.TellAsync($"analyser   {FmsTopics.SensorData} -> {FmsTopics.SensorAlerts}; keyword filter ({string.Join(", ", _options.Keywords)}) -> {FmsTopics.CriticalAlerts}");
    }

    private RelayOptions RelayTo(string input, string output, string group) => new() { BootstrapServers = Servers, InputTopic = input, OutputTopic = output, GroupId = group };

    private async Task StartStoreAsync(CancellationToken stop)
    {
        if (_options.Store is { } given)
        {
            _store = given;
            await _world.TellAsync($"storage    {given.JdbcUrl}");
        }
        else if (!_options.PrefersSqlite && PostgreSqlServer.FindBinaries() is { } binaries)
        {
            PostgreSql = await PostgreSqlServer.StartAsync(binaries, Ports.Choose(0, "PostgreSQL", _world.Environment.Random), stop);
            _store = PostgreSql.Store;
            await _world.TellAsync($"storage    PostgreSQL: {PostgreSql.PsqlCommand}");
        }
        else
        {
            var file = Path.Combine(_folder, "fms.db");
            _store = new SensorStore("jdbc:sqlite:" + file, null, null);
            await _world.TellAsync($"storage    SQLite in {file}{(_options.PrefersSqlite ? "" : ", since PostgreSQL is not installed (apt-get install postgresql)")}");
        }
    }

    private async Task StartSimulatorAsync(CancellationToken stop)
    {
        _simulator = await SimulatorServer.StartAsync(
            $"http://localhost:{_simulatorPort.ToString(CultureInfo.InvariantCulture)}", _options.Simulator, new FaultPlan(), _world.Time, _world.Environment.LoggerFactory, stop);
        var what = _options.Simulator.SensorFolder is { } folder ? $"replays {folder}" : "makes readings up";
        await _world.TellAsync($"simulator  {_simulator.Url}/1/ to /{_options.Simulator.DeviceCount.ToString(CultureInfo.InvariantCulture)}/, {what}; trouble: curl -X PUT '{_simulator.Url}/faults/failing?device=3'");
    }

    private async Task PutConnectorsAsync(CancellationToken stop)
    {
        var connect = Node.Connect!;
        await connect.PutAsync("jdbc-sink.json", new Dictionary<string, string?>
        {
            ["connection.url"] = Store.JdbcUrl,
            ["connection.user"] = Store.User,
            ["connection.password"] = Store.Password,
        }, stop);
        if (!_options.CollectsReadings)
            return;
        CollectsFromMs = _world.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await connect.PutAsync("http-source.json", new Dictionary<string, string?>
        {
            ["url"] = Simulator.Url + "/{DeviceId}/",
            // Not the history before: but all from here, even if the worker is killed before it has noted its first offset.
            ["http.initial.offset"] = Times.ToText(CollectsFromMs),
            ["entity.names"] = $"1..{_options.Simulator.DeviceCount.ToString(CultureInfo.InvariantCulture)}",
            ["request.interval.ms"] = ((long)_options.CollectInterval.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        }, stop);
    }
}
