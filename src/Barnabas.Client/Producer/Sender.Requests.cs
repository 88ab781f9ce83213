using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Producer;

// From waiting batches to requests: at most one batch of a partition in a request, at most so many requests to a node.
internal sealed partial class Sender
{
    private const short LowestVersionOfRecordBatches = 3;
    private const short LowestVersionOfZstd = 7;
    private const short LowestVersionOfTopicIds = 13;
    private int _firstActive;

    /// <summary>One pass over all queues. True when something was sent: then there may be more.</summary>
    private bool SendReady(long now, ref long wakeMs)
    {
        var snapshot = _cluster.Metadata.Current;
        var count = _active.Count;
        if (count == 0)
            return false;
        // Each pass begins with another partition, so that none starves when requests fill up.
        _firstActive = (_firstActive + 1) % count;
        for (var i = 0; i < count; i++)
        {
            var queue = _active[(_firstActive + i) % count];
            if (queue.Peek(out var isClosed) is not { } batch || !IsSendable(queue, batch, isClosed, now, ref wakeMs))
                continue;
            if (snapshot.LeaderOf(queue.Partition) is not { } leader)
            {
                _cluster.Metadata.RequestUpdate();
                wakeMs = Math.Min(wakeMs, now + (long)_cluster.Options.RetryBackoff.TotalMilliseconds);
                continue;
            }
            if (IsReady(leader, now, ref wakeMs) is { } node
                && (_transactions is null || MaySendInTransaction(_transactions, queue.Partition))
                && (!_options.IsIdempotent || PrepareSequence(queue, batch)))
                node.Ready.Add(queue);
        }
        var sent = false;
        foreach (var node in _nodes.Values)
        {
            if (node.Ready.Count == 0)
                continue;
            sent |= SendTo(node, snapshot);
            node.Ready.Clear();
        }
        return sent;
    }

    private bool IsSendable(PartitionQueue queue, ProducerBatch batch, bool isClosed, long now, ref long wakeMs)
    {
        if (batch.RetryAtMs > now)
        {
            wakeMs = Math.Min(wakeMs, batch.RetryAtMs);
            return false;
        }
        var dueMs = batch.CreatedMs + _lingerMs;
        if (!isClosed && batch.Attempts == 0 && dueMs > now && !_accumulator.IsFlushing && !_isClosing && !_accumulator.Memory.HasWaiters)
        {
            wakeMs = Math.Min(wakeMs, dueMs);
            return false;
        }
        // One request at a time is how a producer without sequence numbers keeps order.
        return _options.IsIdempotent || _options.MaxInFlightRequests > 1 || queue.OnWireCount == 0;
    }

    private NodeSender? IsReady(Node leader, long now, ref long wakeMs)
    {
        if (!_nodes.TryGetValue(leader.Id, out var node))
            _nodes[leader.Id] = node = new NodeSender(leader.Id);
        if (node.ConnectionTo(leader) is null)
        {
            if (!node.IsConnecting)
            {
                node.BeginConnecting();
                _ = ConnectAsync(node, leader);
            }
            return null;
        }
        if (node.MutedUntilMs > now)
        {
            wakeMs = Math.Min(wakeMs, node.MutedUntilMs);
            return null;
        }
        return node.InFlightCount < _options.MaxInFlightRequests ? node : null;
    }

    private async Task ConnectAsync(NodeSender node, Node leader)
    {
        NodeConnection? connection = null;
        try
        {
            connection = await _cluster.ConnectAsync(leader, ConnectionRole.Regular, _stopping.Token);
        }
        catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            ProducerLog.NodeUnreachable(_logger, node.NodeId, e.Message);
            _cluster.Metadata.RequestUpdate();
        }
        finally
        {
            node.EndConnecting(connection);
            _accumulator.Signal.Set();
        }
    }

    private bool SendTo(NodeSender node, ClusterSnapshot snapshot)
    {
        var batches = new List<ProducerBatch>(node.Ready.Count);
        var sizeBytes = 0;
        foreach (var queue in node.Ready)
        {
            if (queue.Peek(out _) is not { } batch || !TrySeal(queue, batch))
                continue;
            if (batches.Count > 0 && sizeBytes + (long)batch.SizeInBytes > _options.MaxRequestSizeBytes)
                continue;
            sizeBytes += batch.SizeInBytes;
            Take(queue, batch);
            batches.Add(batch);
        }
        if (batches.Count == 0)
            return false;
        node.InFlightCount++;
        var connection = node.ConnectionTo(snapshot.Nodes[node.NodeId]);
        _ = SendAsync(node, connection, batches, snapshot);
        return true;
    }

    private bool TrySeal(PartitionQueue queue, ProducerBatch batch)
    {
        queue.Close(batch);
        try
        {
            batch.Seal();
            return true;
        }
        catch (CompressionUnavailableException e)
        {
            queue.Remove(batch);
            Fail(batch, e);
            return false;
        }
    }

    private void Take(PartitionQueue queue, ProducerBatch batch)
    {
        queue.Remove(batch);
        if (batch.Attempts++ == 0)
            queue.Topic.CompressionRatio.Observe(batch.CompressionRatio);
        if (_options.IsIdempotent && !batch.HasSequence)
            AssignSequence(queue, batch);
        if (!queue.InFlight.Contains(batch))
            queue.InFlight.Add(batch);
        batch.IsOnWire = true;
        queue.OnWireCount++;
    }

    private async Task SendAsync(NodeSender node, NodeConnection? connection, List<ProducerBatch> batches, ClusterSnapshot snapshot)
    {
        ProduceResponse? response = null;
        Exception? error = null;
        short version = 0;
        try
        {
            if (connection is null)
                throw ErrorCode.NetworkException.ToException();
            var request = BuildRequest(batches, snapshot, out var hasTopicIds);
            version = connection.Versions.Choose(
                ApiKey.Produce,
                _options.Compression == CompressionType.Zstd ? LowestVersionOfZstd : LowestVersionOfRecordBatches,
                Math.Min(HighestProduceVersion, hasTopicIds ? short.MaxValue : (short)(LowestVersionOfTopicIds - 1)));
            if (_options.Acks == Acks.None)
                await connection.Requests.SendOneWayAsync(request, version);
            else
                response = await connection.SendAsync(request, version, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Whatever it is: the loop tells the records.
            error = e;
        }
        _outcomes.Enqueue(new ProduceOutcome(node, batches, response, version, error));
        _accumulator.Signal.Set();
    }

    private ProduceRequest BuildRequest(List<ProducerBatch> batches, ClusterSnapshot snapshot, out bool hasTopicIds)
    {
        hasTopicIds = true;
        var request = new ProduceRequest
        {
            TransactionalId = _options.TransactionalId,
            Acks = (short)_options.Acks,
            TimeoutMs = (int)_options.RequestTimeout.TotalMilliseconds,
        };
        var topics = new Dictionary<string, ProduceRequest.TopicProduceData>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            var partition = batch.Queue.Partition;
            if (!topics.TryGetValue(partition.Topic, out var topic))
            {
                var topicId = snapshot.Topics.TryGetValue(partition.Topic, out var known) ? known.TopicId : Uuid.Zero;
                hasTopicIds &= topicId != Uuid.Zero;
                topic = new ProduceRequest.TopicProduceData { Name = partition.Topic, TopicId = topicId };
                topics.Add(partition.Topic, topic);
                request.TopicData.Add(topic);
            }
            topic.PartitionData.Add(new ProduceRequest.PartitionProduceData { Index = partition.Partition, Records = batch.Bytes });
        }
        return request;
    }
}
