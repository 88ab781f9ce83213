using Barnabas.Client.Consumer.Assignors;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

// JoinGroup and SyncGroup, until the member has an assignment.
internal sealed partial class GroupMembership
{
    private async Task<JoinOutcome> JoinAsync(IReadOnlyCollection<string> topics, List<TopicPartition> owned, string reason, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                var connection = await _context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
                var (joined, error) = await SendJoinAsync(connection, topics, owned, reason, cancellationToken);
                if (joined is not null)
                {
                    var (assignment, syncError) = await SendSyncAsync(connection, joined, cancellationToken);
                    if (assignment is not null) return new JoinOutcome(assignment, joined.GenerationId, joined.ProtocolName);
                    error = syncError;
                }

                if (error == ErrorCode.MemberIdRequired) continue;
                ConsumerLog.JoinFailed(_context.Logger, _group, error);
                if (error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
                {
                    lock (_gate) _generation = error == ErrorCode.UnknownMemberId ? Generation.None : new Generation(-1, _generation.MemberId, null);
                    if (owned.Count > 0) return new JoinOutcome(null, -1, null);
                }
                else if (error == ErrorCode.RebalanceInProgress)
                {
                    continue;
                }

                if (ErrorClassification.NeedsCoordinatorLookup(error)) _context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
            }
            catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
            {
                ConsumerLog.JoinFailed(_context.Logger, _group, error.ErrorCode);
                if (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode)) _context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
            }

            await Task.Delay(_context.Cluster.RetryBackoff.After(++failures), _context.Time, cancellationToken);
        }
    }

    private async Task<(JoinGroupResponse? Joined, ErrorCode Error)> SendJoinAsync(
        NodeConnection connection, IReadOnlyCollection<string> topics, List<TopicPartition> owned, string reason, CancellationToken cancellationToken)
    {
        var before = Current;
        var version = connection.Versions.Choose(ApiKey.JoinGroup, lowest: _options.GroupInstanceId is null ? (short)0 : (short)5);
        var request = new JoinGroupRequest
        {
            GroupId = _group,
            SessionTimeoutMs = (int)_options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)_options.MaxPollInterval.TotalMilliseconds,
            MemberId = before.MemberId,
            GroupInstanceId = _options.GroupInstanceId,
            ProtocolType = ConsumerProtocol.ProtocolType,
            Reason = reason.Length > 255 ? reason[..255] : reason,
        };
        foreach (var assignor in _assignors)
            request.Protocols.Add(new JoinGroupRequest.JoinGroupRequestProtocol { Name = assignor.Name, Metadata = SubscriptionBytes(assignor, topics, owned, before.Id) });

        // The coordinator answers when all members are there, which may take as long as the slowest one's poll.
        var timeout = TimeSpan.FromTicks(Math.Max(_options.RequestTimeout.Ticks, _options.MaxPollInterval.Ticks)) + TimeSpan.FromSeconds(5);
        var response = await connection.SendAsync(request, version, cancellationToken, timeout);
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                if (response.ProtocolType is { } type && type != ConsumerProtocol.ProtocolType) throw ErrorCode.InconsistentGroupProtocol.ToException();
                lock (_gate) _generation = new Generation(response.GenerationId, response.MemberId, response.ProtocolName);
                Volatile.Write(ref _lastHeartbeatTimestamp, _context.Time.GetTimestamp());
                ConsumerLog.Joined(_context.Logger, _group, response.MemberId, response.GenerationId, response.ProtocolName ?? "", response.Leader == response.MemberId);
                return (response, ErrorCode.None);
            case ErrorCode.MemberIdRequired:
                lock (_gate) _generation = new Generation(-1, response.MemberId, null);
                return (null, response.ErrorCode);
            case ErrorCode.GroupAuthorizationFailed:
                throw response.ErrorCode.ToException($"Not authorized to access group: {_group}");
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress:
                return (null, response.ErrorCode);
            default:
                if (ErrorCodes.IsRetriable(response.ErrorCode)) return (null, response.ErrorCode);
                throw response.ErrorCode.ToException();
        }
    }

    private byte[] SubscriptionBytes(IPartitionAssignor assignor, IReadOnlyCollection<string> topics, List<TopicPartition> owned, int generation)
    {
        var subscription = new ConsumerProtocolSubscription
        {
            Topics = [.. topics.Order(StringComparer.Ordinal)],
            UserData = assignor.UserData(topics),
            GenerationId = generation,
            RackId = _options.ClientRack.Length == 0 ? null : _options.ClientRack,
        };
        foreach (var topic in owned.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal))
            subscription.OwnedPartitions.Add(new ConsumerProtocolSubscription.TopicPartition { Topic = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition).Order()] });
        return ConsumerProtocol.Write(subscription);
    }

    private async Task<(ConsumerProtocolAssignment? Assignment, ErrorCode Error)> SendSyncAsync(NodeConnection connection, JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var isLeader = joined.Leader == joined.MemberId;
        var request = new SyncGroupRequest
        {
            GroupId = _group,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            GroupInstanceId = _options.GroupInstanceId,
            ProtocolType = ConsumerProtocol.ProtocolType,
            ProtocolName = joined.ProtocolName,
        };
        if (!isLeader)
        {
            _groupTopics = [];
            _partitionsAtAssignment = [];
            _racksAtAssignment = [];
        }
        else if (!joined.SkipAssignment)
        {
            foreach (var (member, assignment) in await AssignAsync(joined, cancellationToken))
                request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member, Assignment = ConsumerProtocol.Write(assignment) });
        }

        var response = await connection.SendAsync(request, cancellationToken);
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                return (response.Assignment.IsEmpty ? new ConsumerProtocolAssignment() : ConsumerProtocol.ReadWholeAssignment(response.Assignment), ErrorCode.None);
            case ErrorCode.GroupAuthorizationFailed:
                throw response.ErrorCode.ToException($"Not authorized to access group: {_group}");
            case ErrorCode.RebalanceInProgress or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                return (null, response.ErrorCode);
            default:
                if (ErrorCodes.IsRetriable(response.ErrorCode)) return (null, response.ErrorCode);
                throw response.ErrorCode.ToException();
        }
    }

    // The leader decides who reads what.
    private async Task<IReadOnlyDictionary<string, ConsumerProtocolAssignment>> AssignAsync(JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var assignor = _assignors.First(candidate => candidate.Name == joined.ProtocolName);
        var members = new Dictionary<string, MemberSubscription>(StringComparer.Ordinal);
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in joined.Members)
        {
            var subscription = MemberSubscription.Read(ConsumerProtocol.ReadSubscription(member.Metadata), member.GroupInstanceId);
            members[member.MemberId] = subscription;
            topics.UnionWith(subscription.Topics);
        }

        _groupTopics = topics;
        _context.Cluster.Metadata.Pin(TrackedTopics());
        var snapshot = _context.Cluster.Metadata.Current;
        if (topics.Any(topic => !snapshot.Topics.ContainsKey(topic))) snapshot = await _context.Cluster.Metadata.RefreshAsync(cancellationToken);
        var partitions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            if (snapshot.Topics.TryGetValue(topic, out var known)) partitions[topic] = known.Partitions.Count;
        }

        _partitionsAtAssignment = partitions;
        _racksAtAssignment = Racks(snapshot, topics);
        return assignor.Assign(partitions, _racksAtAssignment, members);
    }

    // Replicas that are not in sync count as well: they are likely to be again soon (KIP-881).
    private static Dictionary<TopicPartition, IReadOnlySet<string>> Racks(ClusterSnapshot snapshot, IEnumerable<string> topics)
    {
        var racks = new Dictionary<TopicPartition, IReadOnlySet<string>>();
        foreach (var topic in topics)
        {
            if (!snapshot.Topics.TryGetValue(topic, out var known)) continue;
            foreach (var partition in known.Partitions)
                racks[new TopicPartition(topic, partition.Partition)] = partition.Replicas.Select(id => snapshot.Nodes.TryGetValue(id, out var node) ? node.Rack : null).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }

        return racks;
    }
}
