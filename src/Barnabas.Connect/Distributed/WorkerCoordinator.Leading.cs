using Barnabas.Client.Groups;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol.Messages;

namespace Barnabas.Connect.Distributed;

// What this worker says when it joins, and how it shares out when it leads.
internal sealed partial class WorkerCoordinator
{
    private ClusterConfigState _configAtJoin = ClusterConfigState.Empty;
    private volatile Leadership? _leadership;

    string IClassicGroup.ProtocolType => ConnectProtocol.ProtocolType;

    /// <inheritdoc/>
    public string? OwnerUrl(string connector) => IsLeader ? _leadership?.Connectors.GetValueOrDefault(connector) : null;

    /// <inheritdoc/>
    public string? OwnerUrl(ConnectorTaskId task) => IsLeader ? _leadership?.Tasks.GetValueOrDefault(task) : null;

    IReadOnlyList<KeyValuePair<string, byte[]>> IClassicGroup.Protocols(Generation current)
    {
        _configAtJoin = _configs.State;
        return ConnectProtocol.Offers(new WorkerState(_options.Url, _configAtJoin.Offset, _view.Assignment), _options.Protocol);
    }

    async ValueTask<IReadOnlyDictionary<string, byte[]>> IClassicGroup.AssignAsync(JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var version = ConnectProtocol.VersionOf(joined.ProtocolName);
        var members = joined.Members.ToDictionary(member => member.MemberId, member => ConnectProtocol.ReadState(member.Metadata));
        var offset = members.Values.Max(member => member.ConfigOffset);
        if (_configAtJoin.Offset < offset)
        {
            await CatchUpAsync();
            _configAtJoin = _configs.State;
        }

        var isKnown = _configAtJoin.Offset >= offset;
        offset = Math.Max(offset, _configAtJoin.Offset);
        var empty = members.Keys.ToDictionary(member => member, _ => ConnectorsAndTasks.Empty);
        var shares = isKnown ? Share(version, joined.GenerationId, members) : new ClusterAssignment(empty, empty, empty, 0);
        _leadership = Leadership.Of(shares.All, members);
        return members.Keys.ToDictionary(member => member, member => ConnectProtocol.WriteAssignment(
            new ConnectAssignment
            {
                Error = isKnown ? (short)0 : ConnectAssignment.ConfigMismatch,
                Leader = joined.Leader,
                LeaderUrl = members[joined.Leader].Url,
                ConfigOffset = offset,
                Assigned = shares.Added[member],
                Revoked = shares.Revoked[member],
                DelayMs = shares.DelayMs,
            },
            version));
    }

    void IClassicGroup.OnFollowing() => _leadership = null;

    bool IClassicGroup.IsOverdue() => false;

    // What it holds it keeps, and says so when it joins again: the leader sorts out what others have got meanwhile.
    void IClassicGroup.OnRejoinNeeded(string reason, bool wasLost) => RequestRejoin(reason);

    void IClassicGroup.OnFailed(Exception error)
    {
        CoordinatorLog.RebalanceFailed(_logger, _options.Group.GroupId, error.Message, error);
        RequestRejoin("the coordinator refused a heartbeat");
    }

    private ClusterAssignment Share(short version, int generation, IReadOnlyDictionary<string, WorkerState> members)
    {
        var connectors = _configAtJoin.Connectors;
        var configured = new ConnectorsAndTasks(
            connectors.Keys,
            connectors.SelectMany(connector => Enumerable.Range(0, connector.Value.Tasks.Count).Select(task => new ConnectorTaskId(connector.Key, task))));
        return version == ConnectProtocol.Eager
            ? EagerAssignor.Assign(configured, members.Keys)
            : _assignor.Assign(configured, _lastGeneration, generation, members.ToDictionary(member => member.Key, member => member.Value.Holds), NowMs);
    }

    /// <summary>Where everything runs, by the workers' URLs. Immutable.</summary>
    private sealed record Leadership(IReadOnlyDictionary<string, string> Connectors, IReadOnlyDictionary<ConnectorTaskId, string> Tasks)
    {
        public static Leadership Of(IReadOnlyDictionary<string, ConnectorsAndTasks> all, IReadOnlyDictionary<string, WorkerState> members)
        {
            var connectors = new Dictionary<string, string>();
            var tasks = new Dictionary<ConnectorTaskId, string>();
            foreach (var (member, work) in all)
            {
                foreach (var connector in work.Connectors) connectors[connector] = members[member].Url;
                foreach (var task in work.Tasks) tasks[task] = members[member].Url;
            }

            return new Leadership(connectors, tasks);
        }
    }
}
