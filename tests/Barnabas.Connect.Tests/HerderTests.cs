using Barnabas.Client;
using Barnabas.Configuration.Providers;
using Barnabas.Connect.File;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Connect.Tests;

/// <summary>What the herder of a leading worker does to states that other workers write.</summary>
public sealed class HerderTests
{
    private static readonly Status RunsElsewhere = new(RunState.Running, "other:8083", 7, null);

    private readonly MemoryConfigStore _configs = new();
    private readonly MemoryStatusStore _status = new();

    [Fact]
    public async Task The_state_of_a_task_that_another_worker_started_while_the_leader_still_works_stays()
    {
        var task = new ConnectorTaskId("c0", 0);
        var isStarted = false;
        // The other worker is quick: it runs the task before the leader goes on after writing its configuration.
        _configs.Changed += () =>
        {
            if (isStarted || _configs.State.Connectors["c0"].Tasks.Count == 0) return;
            isStarted = true;
            _status.Put(task, RunsElsewhere);
        };
        await using var herder = await LeadAsync();
        await PutAsync(herder, "c0");
        Assert.Equal(RunsElsewhere, herder.StatusOf(task));
    }

    [Fact]
    public async Task The_states_of_a_deleted_connector_and_of_its_tasks_are_forgotten()
    {
        await using var herder = await LeadAsync();
        await PutAsync(herder, "c0");
        _status.Put(new ConnectorTaskId("c0", 0), RunsElsewhere);
        await herder.DeleteAsync("c0", TestContext.Current.CancellationToken);
        Assert.Empty(_status.Connectors);
    }

    private static Task PutAsync(Herder herder, string name) => herder.PutAsync(
        name, new Dictionary<string, string> { ["name"] = name, ["connector.class"] = "FileStreamSource", ["file"] = "none", ["topic"] = "t" }, null, mayReplace: true, TestContext.Current.CancellationToken);

    private async Task<Herder> LeadAsync()
    {
        var config = WorkerConfig.Standalone(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "localhost:1",
            ["key.converter"] = "org.apache.kafka.connect.storage.StringConverter",
            ["value.converter"] = "org.apache.kafka.connect.storage.StringConverter",
            ["offset.storage.file.filename"] = "unused",
        });
        var environment = ClientEnvironment.ForProgram();
        var plugins = new PluginCatalog(() => FilePlugins.All);
        var offsets = new FileOffsetStore(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));
        var options = new HerderOptions
        {
            WorkerId = "leader:8083",
            Time = environment.Time,
            Variables = ConfigVariables.Of(new Dictionary<string, string>()),
            TracksTopics = true,
            AllowsTopicReset = true,
            IsExactlyOnce = false,
            Signing = null,
            Loggers = new FilteredLoggerFactory(NullLoggerFactory.Instance, environment.Time),
        };
        var herder = new Herder(plugins, _configs, _status, offsets, new ConnectWorker(config, plugins, offsets, environment), new TasksElsewhere(), null, options, NullLogger.Instance);
        await herder.StartAsync(TestContext.Current.CancellationToken);
        return herder;
    }

    /// <summary>A group that this worker leads: it runs all connectors, others all tasks.</summary>
    private sealed class TasksElsewhere : IWorkerGroup
    {
        public bool IsLeader => true;

        public string? LeaderUrl => null;

        public int Generation => 1;

        public bool SignsRequests => false;

        public bool Owns(string connector) => true;

        public bool Owns(ConnectorTaskId task) => false;

        public string? OwnerUrl(string connector) => null;

        public string? OwnerUrl(ConnectorTaskId task) => null;

        public void Start(IWorkerGroupListener listener) => listener.OnAssigned();

        public Task AwaitStableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void RequestRejoin(string reason)
        {
            // The others are quick.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
