using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Producer;

// What responses mean for batches: delivered, sent again, split, or failed, as Kafka's own producer decides.
internal sealed partial class Sender
{
    private const short LowestVersionThrottledByClients = 6;

    private void Handle(ProduceOutcome outcome, long now)
    {
        outcome.Node.InFlightCount--;
        foreach (var batch in outcome.Batches)
        {
            batch.IsOnWire = false;
            batch.Queue.OnWireCount--;
        }
        if (outcome.Error is { } error)
        {
            var reason = error as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, error.Message, error);
            foreach (var batch in outcome.Batches)
            {
                batch.MarkSendEndUnknown();
                HandleError(batch, reason, hasNewLeader: false, now);
            }
            return;
        }
        if (outcome.Response is not { } response)
        {
            foreach (var batch in outcome.Batches)
                Deliver(batch, -1, -1);
            return;
        }
        if (response.ThrottleTimeMs > 0 && outcome.Version >= LowestVersionThrottledByClients)
            outcome.Node.MutedUntilMs = now + response.ThrottleTimeMs;
        var answers = Index(response, outcome.Version);
        foreach (var batch in outcome.Batches)
        {
            if (answers.TryGetValue(batch.Queue.Partition, out var answer))
                Handle(batch, answer, response, now);
            else
                HandleError(batch, new KafkaException(ErrorCode.UnknownServerError, "The node's response says nothing of the partition."), hasNewLeader: false, now);
        }
    }

    private Dictionary<TopicPartition, ProduceResponse.PartitionProduceResponse> Index(ProduceResponse response, short version)
    {
        var answers = new Dictionary<TopicPartition, ProduceResponse.PartitionProduceResponse>();
        foreach (var topic in response.Responses)
        {
            var name = version >= LowestVersionOfTopicIds ? _cluster.Metadata.Current.FindTopic(topic.TopicId)?.Name : topic.Name;
            if (name is null)
                continue;
            foreach (var partition in topic.PartitionResponses)
                answers[new TopicPartition(name, partition.Index)] = partition;
        }
        return answers;
    }

    private void Handle(ProducerBatch batch, ProduceResponse.PartitionProduceResponse answer, ProduceResponse response, long now)
    {
        if (answer.ErrorCode is ErrorCode.None)
        {
            Deliver(batch, answer.BaseOffset, answer.LogAppendTimeMs);
            return;
        }
        if (answer.ErrorCode is ErrorCode.DuplicateSequenceNumber && _options.IsIdempotent)
        {
            // It is there since an earlier attempt; where, the node no longer knows.
            Deliver(batch, -1, -1);
            return;
        }
        var error = answer.ErrorCode.ToException(answer.ErrorMessage);
        if (answer.RecordErrors.Count > 0)
        {
            FailRecords(batch, answer, error);
            return;
        }
        HandleError(batch, error, TakeNewLeader(batch.Queue.Partition, answer, response), now);
    }

    private bool TakeNewLeader(TopicPartition partition, ProduceResponse.PartitionProduceResponse answer, ProduceResponse response)
    {
        var leader = answer.CurrentLeader;
        if (answer.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch) || leader is null || leader.LeaderId < 0)
            return false;
        var endpoint = response.NodeEndpoints.Find(one => one.NodeId == leader.LeaderId);
        var before = _cluster.Metadata.Current.LeaderOf(partition);
        _cluster.Metadata.UpdateLeader(
            partition, leader.LeaderId, leader.LeaderEpoch, endpoint is null ? null : new Node(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        return _cluster.Metadata.Current.LeaderOf(partition) is { } after && after != before;
    }

    private void HandleError(ProducerBatch batch, KafkaException error, bool hasNewLeader, long now)
    {
        var queue = batch.Queue;
        if (ErrorClassification.NeedsMetadataRefresh(error.ErrorCode))
            _cluster.Metadata.RequestUpdate();
        if (batch.IsDone)
        {
            // It expired meanwhile; whether the node has it stays unknown.
            Forget(batch);
            queue.NeedsNewEpoch |= batch.HasSequence;
            return;
        }
        if (error.ErrorCode == ErrorCode.MessageTooLarge && batch.RecordCount > 1)
        {
            Split(batch);
            return;
        }
        batch.LastError = error;
        if (batch.CreatedMs + _deliveryMs <= now && ErrorClassification.IsRetriable(error))
        {
            // Whether its time ends while it waits or while it is answered, the caller is told the same.
            Fail(batch, Expired(batch, now));
            return;
        }
        if (!CanRetry(batch, error, now))
        {
            Fail(batch, error);
            return;
        }
        ProducerLog.Retrying(_logger, queue.Partition, batch.RecordCount, error.ErrorCode, batch.Attempts);
        batch.RetryAtMs = hasNewLeader ? now : now + (long)_cluster.RetryBackoff.After(batch.Attempts).TotalMilliseconds;
        queue.Requeue(batch);
    }

    private bool CanRetry(ProducerBatch batch, KafkaException error, long now)
    {
        if (batch.CreatedMs + _deliveryMs <= now || batch.Attempts > _options.Retries || _isForced)
            return false;
        if (!batch.HasSequence)
            return ErrorClassification.IsRetriable(error);
        switch (error.ErrorCode)
        {
            case ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId when _transactions is not null:
                // Behind one that is sent again it only has to wait for it; otherwise the transaction has a gap.
                return error.ErrorCode == ErrorCode.OutOfOrderSequenceNumber && !ReferenceEquals(batch.Queue.InFlight[0], batch);
            case ErrorCode.OutOfOrderSequenceNumber:
                // Behind one that failed, it only has to wait for it. Otherwise records before it are lost to the
                // node, and only a new epoch lets it go on.
                batch.Queue.NeedsNewEpoch |= ReferenceEquals(batch.Queue.InFlight[0], batch);
                return true;
            case ErrorCode.UnknownProducerId:
                batch.Queue.NeedsNewEpoch = true;
                return true;
            default:
                return ErrorClassification.IsRetriable(error);
        }
    }

    private void Deliver(ProducerBatch batch, long baseOffset, long logAppendTime)
    {
        batch.Complete(baseOffset, logAppendTime, null, HandlerFailed);
        Forget(batch);
    }

    private void Fail(ProducerBatch batch, KafkaException error)
    {
        _transactions?.OnBatchFailed(error);
        batch.Queue.NeedsNewEpoch |= batch.HasSequence;
        batch.Complete(-1, -1, _ => error, HandlerFailed);
        Forget(batch);
    }

    // The node names the records it refuses (KIP-467); the others of the batch fail with them.
    private void FailRecords(ProducerBatch batch, ProduceResponse.PartitionProduceResponse answer, KafkaException error)
    {
        var messages = new Dictionary<int, string?>();
        foreach (var one in answer.RecordErrors)
            messages[one.BatchIndex] = one.BatchIndexErrorMessage;
        var others = new KafkaException(
            answer.ErrorCode, "Failed to append record because it was part of a batch which had one more more invalid records");
        batch.Queue.NeedsNewEpoch |= batch.HasSequence;
        _transactions?.OnBatchFailed(error);
        batch.Complete(
            -1, -1, index => messages.TryGetValue(index, out var message) ? new KafkaException(answer.ErrorCode, message ?? error.Message) : others, HandlerFailed);
        Forget(batch);
    }

    private void Split(ProducerBatch batch)
    {
        var queue = batch.Queue;
        queue.Topic.CompressionRatio.Reset(batch.CompressionRatio);
        // At most half, so that splitting comes to an end whatever the limits are.
        var uncompressed = Math.Max(batch.SizeInBytes, (int)(batch.SizeInBytes / Math.Max(batch.CompressionRatio, 0.001)));
        var parts = batch.Split(_accumulator.BatchOptions, Math.Min(_accumulator.BatchBytes, uncompressed / 2), queue.ProducerId, queue.ProducerEpoch);
        ProducerLog.Split(_logger, queue.Partition, batch.RecordCount, parts.Count);
        var place = queue.InFlight.IndexOf(batch);
        queue.InFlight.RemoveAt(place);
        foreach (var part in parts)
        {
            _accumulator.Add(part);
            if (part.HasSequence)
                queue.InFlight.Insert(place++, part);
            queue.Requeue(part);
        }
        batch.CompleteAs(parts);
        _accumulator.Remove(batch);
    }

    private void Forget(ProducerBatch batch)
    {
        batch.Queue.InFlight.Remove(batch);
        _accumulator.Remove(batch);
    }
}
