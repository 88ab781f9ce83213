using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Metadata;

// One update at a time. Who asks while one runs waits for the one after it, for the running one may not know yet
// what the asker wants to know.
public sealed partial class ClusterMetadata
{
    private long _lastSuccessTimestamp;
    private bool _rebootstrap;

    /// <summary>Runs an update that starts after this call, and returns what it brought.</summary>
    /// <exception cref="KafkaException">No node could be asked; retriable.</exception>
    public Task<ClusterSnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        Task<ClusterSnapshot> update;
        lock (_gate)
        {
            if (_running is null or { IsCompleted: true }) update = _running = UpdateAsync();
            else update = _next ??= AfterAsync(_running);
        }

        return update.WaitAsync(cancellationToken);
    }

    private async Task<ClusterSnapshot> AfterAsync(Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<ClusterSnapshot> update;
        lock (_gate)
        {
            _next = null;
            update = _running = UpdateAsync();
        }

        return await update;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _scheduled = false;
            if (_stopped) return;
        }

        _ = RefreshInBackgroundAsync();
    }

    private async Task RefreshInBackgroundAsync()
    {
        var before = _current;
        try
        {
            var after = await RefreshAsync(CancellationToken.None);
            var incomplete = TrackedErrors();
            lock (_gate) _fruitlessUpdates = incomplete || SameLeaders(before, after) ? Math.Min(_fruitlessUpdates + 1, 16) : 0;
            if (incomplete) RequestUpdate();
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            lock (_gate) _fruitlessUpdates = Math.Min(_fruitlessUpdates + 1, 16);
            if (error is KafkaException) RequestUpdate();
        }
    }

    private bool TrackedErrors()
    {
        lock (_gate)
        {
            foreach (var error in _topicErrors.Values)
            {
                if (ErrorCodes.IsRetriable(error)) return true;
            }
        }

        return false;
    }

    private static bool SameLeaders(ClusterSnapshot before, ClusterSnapshot after)
    {
        if (before.Topics.Count != after.Topics.Count) return false;
        foreach (var (name, topic) in after.Topics)
        {
            if (!before.Topics.TryGetValue(name, out var old) || old.TopicId != topic.TopicId || old.Partitions.Count != topic.Partitions.Count) return false;
            for (var index = 0; index < old.Partitions.Count; index++)
            {
                if (old.Partitions[index].LeaderId != topic.Partitions[index].LeaderId || old.Partitions[index].LeaderEpoch != topic.Partitions[index].LeaderEpoch) return false;
            }
        }

        return true;
    }

    private async Task<ClusterSnapshot> UpdateAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Exception? last = null;
        foreach (var node in Candidates())
        {
            try
            {
                var connection = await _cluster.ConnectAsync(node, ConnectionRole.Regular, CancellationToken.None);
                var updated = _metadataOptions.UseControllers ? await AskControllerAsync(connection) : await AskBrokerAsync(connection);
                if (!updated) continue;
                _lastSuccessTimestamp = _time.GetTimestamp();
                _rebootstrap = false;
                ArmAgeTimer();
                ClientLog.MetadataUpdated(_logger, _current.ClusterId, _current.Nodes.Count, _current.ControllerId, _current.Topics.Count);
                Updated?.Invoke(_current);
                return _current;
            }
            catch (KafkaException error)
            {
                if (!ErrorClassification.IsRetriable(error)) throw;
                ClientLog.MetadataFailed(_logger, node, error.Message);
                last = error;
            }
        }

        if (_options.MetadataRecovery == MetadataRecoveryStrategy.Rebootstrap && !_rebootstrap && _current.Nodes.Count > 0)
        {
            ClientLog.Rebootstrapping(_logger);
            _rebootstrap = true;
        }

        throw new NoNodeAvailableException(last);
    }

    private List<Node> Candidates()
    {
        var tooOld = _time.GetElapsedTime(_lastSuccessTimestamp) > _options.MetadataRebootstrapTrigger && _options.MetadataRecovery == MetadataRecoveryStrategy.Rebootstrap;
        return _current.Nodes.Count == 0 || _rebootstrap || tooOld ? [.. _cluster.BootstrapNodes] : _cluster.ByLoad(_current.Nodes.Values);
    }

    private async Task<bool> AskBrokerAsync(NodeConnection connection)
    {
        var version = connection.Versions.Choose(ApiKey.Metadata);
        var all = _tracked.All;
        var wanted = all ? [] : _tracked.List(_metadataOptions.TopicMaxIdle);
        var request = new MetadataRequest { Topics = all && version > 0 ? null : [] };
        if (version >= 4) request.AllowAutoTopicCreation = _metadataOptions.AllowAutoTopicCreation;
        foreach (var topic in wanted) request.Topics!.Add(new MetadataRequest.MetadataRequestTopic { Name = topic });

        var response = await connection.SendAsync(request, version, CancellationToken.None);
        if (response.ErrorCode == ErrorCode.RebootstrapRequired)
        {
            _rebootstrap = true;
            throw new NoNodeAvailableException(response.ErrorCode.ToException());
        }

        if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
        if (response.Brokers.Count == 0) return false;
        Apply(response);
        return true;
    }

    private async Task<bool> AskControllerAsync(NodeConnection connection)
    {
        var version = connection.Versions.Choose(ApiKey.DescribeCluster, lowest: 1);
        var response = await connection.SendAsync(new DescribeClusterRequest { EndpointType = 2 }, version, CancellationToken.None);
        if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
        if (response.Brokers.Count == 0) return false;
        lock (_gate)
        {
            _current = new ClusterSnapshot(
                response.ClusterId, response.ControllerId, response.Brokers.Select(node => new Node(node.BrokerId, node.Host, node.Port, node.Rack)), [], _current.Version + 1);
        }

        return true;
    }

    private void Apply(MetadataResponse response)
    {
        var errors = new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
        var topics = new List<TopicMetadata>(response.Topics.Count);
        lock (_gate)
        {
            foreach (var answer in response.Topics)
            {
                if (answer.Name is null) continue;
                if (answer.ErrorCode != ErrorCode.None)
                {
                    errors[answer.Name] = answer.ErrorCode;
                    if (answer.ErrorCode != ErrorCode.LeaderNotAvailable || answer.Partitions.Count == 0)
                    {
                        ClientLog.TopicError(_logger, answer.Name, answer.ErrorCode);
                        continue;
                    }
                }

                topics.Add(Merge(MetadataResponseReader.Topic(answer)));
            }

            _topicErrors = errors;
            _current = new ClusterSnapshot(response.ClusterId, response.ControllerId, MetadataResponseReader.Nodes(response), topics, _current.Version + 1);
        }
    }

    // A node that lags may tell of an older leader than we know already (KIP-320).
    private TopicMetadata Merge(TopicMetadata topic)
    {
        if (!_current.Topics.TryGetValue(topic.Name, out var known)) return topic;
        if (known.TopicId != topic.TopicId && known.TopicId != Uuid.Zero && topic.TopicId != Uuid.Zero)
        {
            ClientLog.TopicRecreated(_logger, topic.Name, known.TopicId, topic.TopicId);
            return topic;
        }

        List<PartitionMetadata>? merged = null;
        for (var index = 0; index < topic.Partitions.Count; index++)
        {
            var partition = topic.Partitions[index];
            if (partition.LeaderEpoch < 0 || known.Find(partition.Partition) is not { } before || before.LeaderEpoch <= partition.LeaderEpoch) continue;
            merged ??= [.. topic.Partitions];
            merged[index] = before;
        }

        return merged is null ? topic : topic with { Partitions = merged };
    }

    private void ArmAgeTimer()
    {
        lock (_gate)
        {
            if (_scheduled || _stopped) return;
            _timer.Change(_options.MetadataMaxAge, Timeout.InfiniteTimeSpan);
        }
    }
}
