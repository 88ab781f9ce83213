using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

/// <summary>How far a partition's position is known.</summary>
internal enum PositionPhase
{
    /// <summary>The committed offset comes next.</summary>
    NeedsCommitted,

    /// <summary>An offset by the reset policy comes next.</summary>
    NeedsReset,

    /// <summary>Known, but the leader changed: was the log truncated below it?</summary>
    NeedsValidation,

    /// <summary>Known.</summary>
    Known,
}

/// <summary>One assigned partition. Guarded by the lock of <see cref="SubscriptionState"/>.</summary>
internal sealed class PartitionState(TopicPartition partition)
{
    public TopicPartition Partition { get; } = partition;

    public PositionPhase Phase { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>Which reset comes next, in <see cref="PositionPhase.NeedsReset"/>.</summary>
    public OffsetReset? Reset { get; private set; }

    /// <summary>The offset of the next record the caller gets.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The leader epoch of the record before <see cref="Position"/>, -1 when not known.</summary>
    public int PositionEpoch { get; private set; } = -1;

    /// <summary>The leader epoch at which the position was last known to be good.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>Where the next fetch starts: ahead of <see cref="Position"/> by what is buffered.</summary>
    public long FetchOffset { get; private set; } = -1;

    /// <summary>Bytes fetched and not polled yet.</summary>
    public int BufferedBytes { get; set; }

    /// <summary>Grows when the position jumps: what was fetched or asked before does not count any more.</summary>
    public int Jumps { get; private set; }

    public long HighWatermark { get; set; } = -1;

    public long LastStableOffset { get; set; } = -1;

    public long LogStartOffset { get; set; } = -1;

    /// <summary>A follower that shall serve fetches, -1 for the leader (KIP-392).</summary>
    public int PreferredReplica { get; set; } = -1;

    public long PreferredReplicaUntilTimestamp { get; set; }

    /// <summary>No fetch before this moment.</summary>
    public long NotBeforeTimestamp { get; set; }

    public bool IsFetchable => Phase == PositionPhase.Known && !IsPaused;

    public void SeekTo(long offset, int leaderEpoch)
    {
        Jump();
        Phase = PositionPhase.Known;
        (Position, PositionEpoch, FetchOffset) = (offset, leaderEpoch, offset);
        LeaderEpoch = -1;
    }

    public void RequestReset(OffsetReset reset)
    {
        Jump();
        Phase = PositionPhase.NeedsReset;
        Reset = reset;
        Position = -1;
    }

    public void RequestValidation()
    {
        Jump();
        FetchOffset = Position;
        Phase = PositionPhase.NeedsValidation;
    }

    /// <summary>
    /// Whether the next fetch may go to a leader of this epoch. A new one may have a shorter log than the one that was read (KIP-320):
    /// then the position is validated first, which this asks for.
    /// </summary>
    public bool MayFetchFrom(int leaderEpoch)
    {
        if (LeaderEpoch == leaderEpoch) return true;
        // What is fetched and not read yet has the epoch by which the position is validated, once it is read.
        if (PositionEpoch < 0 && FetchOffset != Position) return false;
        if (PositionEpoch >= 0 && leaderEpoch >= 0 && (LeaderEpoch >= 0 || PositionEpoch != leaderEpoch))
        {
            RequestValidation();
            return false;
        }

        LeaderEpoch = leaderEpoch;
        return true;
    }

    public void CompleteValidation(int leaderEpoch)
    {
        LeaderEpoch = leaderEpoch;
        Phase = PositionPhase.Known;
    }

    /// <summary>The caller got everything before <paramref name="next"/>.</summary>
    public void Advance(long next, int leaderEpoch)
    {
        Position = next;
        if (leaderEpoch >= 0) PositionEpoch = leaderEpoch;
    }

    /// <summary>A response brought everything before <paramref name="next"/>.</summary>
    public void AdvanceFetch(long next) => FetchOffset = next;

    private void Jump()
    {
        Jumps++;
        BufferedBytes = 0;
        PreferredReplica = -1;
        NotBeforeTimestamp = 0;
    }
}
