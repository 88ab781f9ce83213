using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Transport.Requests;

namespace Barnabas.Client.Consumer.Fetching;

// What a response means for each partition. Everything here runs under the subscription's lock.
internal sealed partial class Fetcher
{
    private void Handle(Node node, FetchSession session, PooledResponse<FetchResponse> pooled)
    {
        var frame = new SharedFrame(pooled);
        try
        {
            var response = frame.Response;
            session.NotBeforeTimestamp = response.ThrottleTimeMs > 0 ? context.TimestampAfter(TimeSpan.FromMilliseconds(response.ThrottleTimeMs)) : 0;
            if (response.ErrorCode != ErrorCode.None)
            {
                ConsumerLog.FetchRefused(context.Logger, node, response.ErrorCode);
                session.Failed(response.ErrorCode);
                if (response.ErrorCode is ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.FetchSessionTopicIdError) context.Cluster.Metadata.RequestUpdate();
                if (response.ErrorCode is not (ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch))
                    session.NotBeforeTimestamp = Math.Max(session.NotBeforeTimestamp, context.TimestampAfter(context.Cluster.RetryBackoff.After(++session.Failures)));
                return;
            }

            if (_stopped)
            {
                session.Completed(response);
                return;
            }

            foreach (var topic in response.Responses)
            {
                var name = topic.Topic.Length > 0 ? topic.Topic : session.NameOf(topic.TopicId);
                if (name is null) continue;
                foreach (var partition in topic.Partitions)
                {
                    var key = new TopicPartition(name, partition.PartitionIndex);
                    if (!session.Asked.TryGetValue(key, out var target)) continue;
                    if (context.Subscription.Find(key) is not { } state || state.Jumps != target.Jumps || state.FetchOffset != target.Offset) continue;
                    Handle(state, target, partition, response, frame);
                }
            }

            session.Completed(response);
        }
        finally
        {
            frame.Release();
        }
    }

    private void Handle(PartitionState state, FetchTarget target, FetchResponse.PartitionData partition, FetchResponse response, SharedFrame frame)
    {
        switch (partition.ErrorCode)
        {
            case ErrorCode.None:
                Accept(state, target, partition, frame);
                return;
            case ErrorCode.OffsetOutOfRange:
                OutOfRange(state, target);
                return;
            case ErrorCode.NotLeaderOrFollower or ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError or ErrorCode.FencedLeaderEpoch or ErrorCode.OffsetNotAvailable
                or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId:
                LeaderMoved(state, partition, response);
                break;
            case ErrorCode.UnknownLeaderEpoch or ErrorCode.UnknownServerError:
                break;
            case ErrorCode.TopicAuthorizationFailed:
                context.Report(partition.ErrorCode.ToException($"Not authorized to access topics: [{state.Partition.Topic}]"));
                break;
            default:
                context.Report(partition.ErrorCode.ToException($"Fetch of {state.Partition} at offset {target.Offset} failed: {ErrorCodes.Message(partition.ErrorCode)}"));
                break;
        }

        ConsumerLog.PartitionFetchFailed(context.Logger, state.Partition, target.Offset, partition.ErrorCode);
        state.PreferredReplica = -1;
        state.NotBeforeTimestamp = context.TimestampAfter(context.Cluster.RetryBackoff.After(1));
    }

    private void Accept(PartitionState state, FetchTarget target, FetchResponse.PartitionData partition, SharedFrame frame)
    {
        state.HighWatermark = partition.HighWatermark;
        state.LastStableOffset = partition.LastStableOffset;
        state.LogStartOffset = partition.LogStartOffset;
        if (partition.PreferredReadReplica >= 0)
        {
            state.PreferredReplica = partition.PreferredReadReplica;
            state.PreferredReplicaUntilTimestamp = context.TimestampAfter(context.Options.MetadataMaxAge);
        }

        if (partition.Records is not { Length: > 0 } records) return;
        var next = target.Offset;
        try
        {
            foreach (var batch in RecordBatches.EnumerateComplete(records)) next = Math.Max(next, batch.NextOffset);
        }
        catch (Exception error) when (error is CorruptRecordException or UnsupportedForMessageFormatException)
        {
            context.Report(new KafkaException(ErrorCode.CorruptMessage, $"Records of {state.Partition} at offset {target.Offset} are corrupt: {error.Message}", error));
            state.NotBeforeTimestamp = context.TimestampAfter(context.Cluster.RetryBackoff.After(1));
            return;
        }

        if (next == target.Offset)
        {
            context.Report(ErrorCode.RecordListTooLarge.ToException($"Failed to make progress reading messages at {state.Partition}={target.Offset}. Received a non-empty fetch response from the server, but no complete records were found."));
            state.NotBeforeTimestamp = context.TimestampAfter(context.Cluster.RetryBackoff.After(1));
            return;
        }

        var aborted = context.Options.IsolationLevel == IsolationLevel.ReadCommitted ? new AbortedTransactions(partition.AbortedTransactions) : null;
        _buffered.AddLast(new FetchedPartition(state, target.Offset, records, frame, aborted, context.Options.CheckCrcs));
        state.BufferedBytes += records.Length;
        state.AdvanceFetch(next);
    }

    private void OutOfRange(PartitionState state, FetchTarget target)
    {
        if (state.PreferredReplica >= 0)
        {
            // A follower may lag: ask the leader before giving the position up.
            state.PreferredReplica = -1;
            return;
        }

        // What is buffered before that offset is still good.
        if (state.BufferedBytes > 0)
        {
            state.NotBeforeTimestamp = context.TimestampAfter(context.Cluster.RetryBackoff.After(1));
            return;
        }

        ConsumerLog.OffsetOutOfRange(context.Logger, state.Partition, target.Offset, context.Options.AutoOffsetReset.Name);
        state.NotBeforeTimestamp = context.TimestampAfter(context.Options.RetryBackoffMax);
        context.ResetOrReport(state, () => new OffsetOutOfRangeException(state.Partition, target.Offset));
    }

    private void LeaderMoved(PartitionState state, FetchResponse.PartitionData partition, FetchResponse response)
    {
        var leader = partition.CurrentLeader;
        if (leader.LeaderId >= 0 && leader.LeaderEpoch >= 0)
        {
            var endpoint = response.NodeEndpoints.Find(node => node.NodeId == leader.LeaderId);
            var node = endpoint is null ? null : new Node(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack);
            context.Cluster.Metadata.UpdateLeader(state.Partition, leader.LeaderId, leader.LeaderEpoch, node);
        }

        context.Cluster.Metadata.RequestUpdate();
    }
}
