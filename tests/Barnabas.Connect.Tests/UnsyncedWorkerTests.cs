using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Groups;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Tests.Support;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Connect.Tests;

/// <summary>A worker that cannot read what is configured leaves the group for <c>worker.unsync.backoff.ms</c>.</summary>
public sealed class UnsyncedWorkerTests : IAsyncLifetime
{
    private const string Group = "workers";
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(1500);

    private readonly List<WorkerCoordinator> _workers = [];
    private TestBroker _broker = null!;
    private AdminClient _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _admin = new AdminClient(Options(), ClientEnvironment.ForProgram());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        await _admin.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_worker_that_cannot_read_the_configuration_gives_up_its_work_and_stays_out_of_the_group_for_the_back_off()
    {
        var newest = new StallingConfigStore("c0", "c1");
        var behind = new StallingConfigStore("c0", "c1");
        var (leader, leaderWork) = Join(newest, "http://leader:8083");
        await TestWorker.AwaitAsync("the first worker has all", () => Task.FromResult(leader.Owns("c0") && leader.Owns("c1")));
        var (member, memberWork) = Join(behind, "http://member:8083");
        await TestWorker.AwaitAsync("each has one", () => Task.FromResult(leader.Owns("c0") != leader.Owns("c1") && member.Owns("c0") != member.Owns("c1")));
        var own = member.Owns("c0") ? "c0" : "c1";

        behind.Stall();
        newest.Add("c2");
        leader.RequestRejoin("there is a new connector");
        await memberWork.Revoked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var left = TimeProvider.System.GetTimestamp();
        Assert.False(member.Owns(own));
        await TestWorker.AwaitAsync("the others go on without it", () => Task.FromResult(leader.Owns("c0") && leader.Owns("c1") && leader.Owns("c2")));
        Assert.Equal(1, await MembersAsync());
        Assert.Equal(1, behind.Refreshes);

        behind.GoOn(newest);
        await TestWorker.AwaitAsync("it is back with a share", () => Task.FromResult(member.Owns("c0") || member.Owns("c1") || member.Owns("c2")));
        Assert.True(TimeProvider.System.GetElapsedTime(left) >= Backoff - TimeSpan.FromMilliseconds(100), "it came back before the back-off had ended");
        Assert.Equal(2, await MembersAsync());
        Assert.False(leaderWork.Revoked.IsFaulted);
    }

    private (WorkerCoordinator Worker, Listener Work) Join(StallingConfigStore configs, string url)
    {
        var cluster = new ClusterClient(Options(), new ClusterMetadataOptions { AllowAutoTopicCreation = false }, ClientEnvironment.ForProgram());
        var options = new WorkerGroupOptions
        {
            Group = new ClassicGroupOptions { GroupId = Group, SessionTimeout = TimeSpan.FromSeconds(30), RebalanceTimeout = TimeSpan.FromSeconds(30), HeartbeatInterval = TimeSpan.FromMilliseconds(100) },
            Url = url,
            Protocol = ConnectProtocol.Sessioned,
            MaxDelayMs = 0,
            SyncTimeout = TimeSpan.FromMilliseconds(200),
            UnsyncBackoff = Backoff,
        };
        var worker = new WorkerCoordinator(options, cluster, configs, NullLogger.Instance);
        var listener = new Listener();
        _workers.Add(worker);
        worker.Start(listener);
        return (worker, listener);
    }

    private AdminClientOptions Options() => AdminClientOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = _broker.BootstrapServers });

    private async Task<int> MembersAsync() => (await _admin.DescribeClassicGroupsAsync([Group]))[Group].Value.Members.Count;

    private sealed class Listener : IWorkerGroupListener
    {
        private readonly TaskCompletionSource _revoked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when the worker has been told to stop all that it ran.</summary>
        public Task Revoked => _revoked.Task;

        public Task OnRevokedAsync(IReadOnlySet<string> connectors, IReadOnlySet<ConnectorTaskId> tasks)
        {
            _revoked.TrySetResult();
            return Task.CompletedTask;
        }

        public void OnAssigned()
        {
            // What a worker owns is asked of it.
        }
    }
}
