using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

/// <summary>The state of one share partition as its records say. Immutable.</summary>
internal sealed record ShareGroupOffset
{
    /// <summary>The number of the snapshot, which the updates that follow it carry too.</summary>
    public int SnapshotEpoch { get; init; }

    public int StateEpoch { get; init; } = -1;

    /// <summary>The epoch of the partition's leader that last read the state.</summary>
    public int LeaderEpoch { get; init; } = -1;

    /// <summary>The share partition's start offset, or -1 before it was ever read.</summary>
    public long StartOffset { get; init; } = -1;

    /// <summary>How many records from the start offset on are done with, or -1 where nobody counted.</summary>
    public int DeliveryCompleteCount { get; init; } = -1;

    public IReadOnlyList<ShareStateBatch> StateBatches { get; init; } = [];

    /// <summary>When the snapshot's content was made, in milliseconds since the epoch.</summary>
    public long CreateTimestampMs { get; init; }

    /// <summary>When the snapshot was written, in milliseconds since the epoch; later than its making for one that only moves quiet state up in the log.</summary>
    public long WriteTimestampMs { get; init; }

    public static ShareGroupOffset Of(ShareSnapshotValue value) => new()
    {
        SnapshotEpoch = value.SnapshotEpoch,
        StateEpoch = value.StateEpoch,
        LeaderEpoch = value.LeaderEpoch,
        StartOffset = value.StartOffset,
        DeliveryCompleteCount = value.DeliveryCompleteCount,
        StateBatches = [.. value.StateBatches.Select(batch => new ShareStateBatch(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount))],
        CreateTimestampMs = value.CreateTimestamp,
        WriteTimestampMs = value.WriteTimestamp,
    };

    /// <summary>This state with an update applied.</summary>
    public ShareGroupOffset With(ShareUpdateValue update)
    {
        var startOffset = update.StartOffset == -1 ? StartOffset : update.StartOffset;
        return this with
        {
            LeaderEpoch = update.LeaderEpoch == -1 ? LeaderEpoch : update.LeaderEpoch,
            StartOffset = startOffset,
            DeliveryCompleteCount = update.DeliveryCompleteCount,
            StateBatches = ShareStateBatches.Combine(
                StateBatches,
                [.. update.StateBatches.Select(batch => new ShareStateBatch(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount))],
                startOffset),
        };
    }
}
