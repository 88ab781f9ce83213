using System.Collections.Concurrent;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Coordination.Sharing;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Sharing;

/// <summary>The share partitions that this broker leads, as groups use them, and the sessions of their members. Safe from any thread.</summary>
internal sealed class SharePartitionManager(
    ReplicaManager replicas, MetadataCache metadata, IShareGroupState store, ShareGroupSettings settings, ShareSessionCache sessions, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<SharePartitionKey, SharePartition> _partitions = new();

    public ShareSessionCache Sessions => sessions;

    public ShareGroupSettings Settings => settings;

    /// <summary>The share partition, made where it is not there yet, begun where it is not.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="asked">The partition.</param>
    /// <param name="mayRead">Whether the client may read a topic.</param>
    /// <param name="found">The share partition.</param>
    /// <returns>NONE, or why there is none.</returns>
    public ErrorCode TryGet(string groupId, SharedPartition asked, Predicate<string> mayRead, out SharePartition? found)
    {
        found = null;
        var image = metadata.Image;
        if (image.Topics.Find(asked.TopicId) is not { } topic)
            return ErrorCode.UnknownTopicId;
        if (!mayRead(topic.Name))
            return ErrorCode.TopicAuthorizationFailed;
        if (topic.Partition(asked.Index) is null)
            return ErrorCode.UnknownTopicOrPartition;
        var error = replicas.FindLeader(topic.Name, asked.Index, -1, out var partition);
        if (error != ErrorCode.None)
            return error;

        var key = new SharePartitionKey(groupId, asked.TopicId, asked.Index);
        if (_partitions.TryGetValue(key, out var known) && (known.LeaderEpoch != partition!.LeaderEpoch || !ReferenceEquals(known.Partition, partition)))
            Remove(known);
        found = _partitions.GetOrAdd(key, k => new SharePartition(k, partition!, store, () => settings.Of(groupId), time, logger));
        return ErrorCode.None;
    }

    /// <summary>Waits until records of the share partition can be acquired. One that fails is forgotten, so that the next request tries again.</summary>
    public async Task<KafkaException?> InitializeAsync(SharePartition partition)
    {
        var error = await partition.InitializeAsync(log => settings.ResetOffset(partition.Key.GroupId, log, time.GetUtcNow()));
        if (error is not null)
            Remove(partition);
        return error;
    }

    /// <summary>Takes what a member says of records of one partition.</summary>
    public async Task<KafkaException?> AcknowledgeAsync(string groupId, string memberId, SharedPartition asked, IReadOnlyList<AcknowledgementBatch> batches)
    {
        if (!_partitions.TryGetValue(new SharePartitionKey(groupId, asked.TopicId, asked.Index), out var partition))
            return new KafkaException(ErrorCode.UnknownTopicOrPartition, ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition));
        var error = await partition.AcknowledgeAsync(memberId, batches);
        RemoveIfFenced(partition, error);
        return error;
    }

    /// <summary>Ends a member's session and gives back what it had.</summary>
    public Task ReleaseSessionAsync(string groupId, string memberId) =>
        sessions.Remove(groupId, memberId) is { } session ? ReleaseAsync(session) : Task.CompletedTask;

    /// <summary>A connection has ended, and with it the session that was opened on it. A group that nobody reads any more is read anew from its state.</summary>
    public async Task OnConnectionClosedAsync(string groupId, string memberId, long connectionId)
    {
        if (sessions.Remove(groupId, memberId, connectionId) is { } session)
        {
            SharingLog.SessionLost(logger, groupId, memberId);
            await ReleaseAsync(session);
        }

        if (sessions.HasGroup(groupId))
            return;
        foreach (var partition in _partitions.Values)
        {
            if (partition.Key.GroupId == groupId)
                Remove(partition);
        }
    }

    /// <summary>Forgets share partitions of deleted topics. Called by the metadata publisher.</summary>
    public void Apply(MetadataDelta delta)
    {
        if (delta.Topics is not { DeletedTopics.Count: > 0 } topics)
            return;
        foreach (var partition in _partitions.Values)
        {
            if (topics.DeletedTopics.ContainsKey(partition.Key.TopicId))
                Remove(partition);
        }
    }

    public void Remove(SharePartition partition)
    {
        if (_partitions.TryRemove(KeyValuePair.Create(partition.Key, partition)))
            partition.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var partition in _partitions.Values)
            Remove(partition);
    }

    private async Task ReleaseAsync(ShareSession session)
    {
        foreach (var shared in session.Partitions)
        {
            if (!_partitions.TryGetValue(new SharePartitionKey(session.GroupId, shared.TopicId, shared.Index), out var partition))
                continue;
            if (await partition.ReleaseAsync(session.MemberId) is not { } error)
                continue;
            SharingLog.NotReleased(logger, session.GroupId, session.MemberId, shared.Index, error.ErrorCode, error.Message);
            RemoveIfFenced(partition, error);
        }
    }

    private void RemoveIfFenced(SharePartition partition, KafkaException? error)
    {
        if (error?.ErrorCode is ErrorCode.NotLeaderOrFollower or ErrorCode.GroupIdNotFound or ErrorCode.UnknownTopicOrPartition or ErrorCode.FencedStateEpoch)
            Remove(partition);
    }
}
