using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Fetching;

/// <summary>What was read of one partition. Whoever drops it disposes <see cref="Owner"/>.</summary>
internal readonly struct PartitionRead
{
    public PartitionRead(ErrorCode error)
    {
        Error = error;
        HighWatermark = LastStableOffset = LogStartOffset = -1;
    }

    public ErrorCode Error { get; init; }

    public long HighWatermark { get; init; }

    public long LastStableOffset { get; init; }

    public long LogStartOffset { get; init; }

    /// <summary>The offset readable by this fetch ended at when it was read; a later one means there is more.</summary>
    public long ReadableEndOffset { get; init; }

    public ReadOnlyMemory<byte> Records { get; init; }

    public IReadOnlyList<FetchResponse.AbortedTransaction>? AbortedTransactions { get; init; }

    public FetchResponse.EpochEndOffset? DivergingEpoch { get; init; }

    public (int Id, int Epoch)? CurrentLeader { get; init; }

    public IDisposable? Owner { get; init; }
}
