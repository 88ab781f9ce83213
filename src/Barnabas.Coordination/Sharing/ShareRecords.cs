using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

/// <summary>Makes the records of <c>__share_group_state</c>, as Apache Kafka 4.3 writes them.</summary>
internal static class ShareRecords
{
    /// <summary>The whole state.</summary>
    public static CoordinatorRecord Snapshot(SharePartitionKey key, ShareGroupOffset state) => new(
        SnapshotKey(key),
        new ShareSnapshotValue
        {
            SnapshotEpoch = state.SnapshotEpoch,
            StateEpoch = state.StateEpoch,
            LeaderEpoch = state.LeaderEpoch,
            StartOffset = state.StartOffset,
            DeliveryCompleteCount = state.DeliveryCompleteCount,
            CreateTimestamp = state.CreateTimestampMs,
            WriteTimestamp = state.WriteTimestampMs,
            StateBatches = [.. state.StateBatches.Select(batch => new ShareSnapshotValue.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = batch.DeliveryState,
                DeliveryCount = batch.DeliveryCount,
            })],
        },
        0);

    /// <summary>What has changed since the last snapshot or update.</summary>
    public static CoordinatorRecord Update(SharePartitionKey key, ShareGroupOffset change) => new(
        new ShareUpdateKey { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition },
        new ShareUpdateValue
        {
            SnapshotEpoch = change.SnapshotEpoch,
            LeaderEpoch = change.LeaderEpoch,
            StartOffset = change.StartOffset,
            DeliveryCompleteCount = change.DeliveryCompleteCount,
            StateBatches = [.. change.StateBatches.Select(batch => new ShareUpdateValue.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = batch.DeliveryState,
                DeliveryCount = batch.DeliveryCount,
            })],
        },
        0);

    public static CoordinatorRecord Tombstone(SharePartitionKey key) => CoordinatorRecord.Tombstone(SnapshotKey(key));

    private static ShareSnapshotKey SnapshotKey(SharePartitionKey key) => new() { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition };
}
