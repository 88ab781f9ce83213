using System.Collections.Immutable;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

/// <summary>What the coordinator knows of one transactional id. Times in milliseconds since the epoch.</summary>
/// <param name="TransactionalId">The id.</param>
/// <param name="ProducerId">The producer id that writes under it.</param>
/// <param name="PreviousProducerId">The producer id before the last change of state, or -1.</param>
/// <param name="NextProducerId">The producer id that follows when the epochs of the present one are used up, or -1.</param>
/// <param name="ProducerEpoch">The epoch; -1 before the first.</param>
/// <param name="LastProducerEpoch">The epoch before, by which a repeated request is recognised, or -1. Not in the log.</param>
/// <param name="TimeoutMs">How long a transaction may stay open.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Partitions">The partitions of the transaction under way.</param>
/// <param name="StartMs">When the transaction began, or -1.</param>
/// <param name="LastUpdateMs">When this was last changed.</param>
/// <param name="ClientTransactionVersion">The transaction version that the producer worked under.</param>
internal sealed record TransactionMetadata(
    string TransactionalId, long ProducerId, long PreviousProducerId, long NextProducerId, short ProducerEpoch, short LastProducerEpoch,
    int TimeoutMs, TransactionState State, ImmutableHashSet<TopicPartition> Partitions, long StartMs, long LastUpdateMs, short ClientTransactionVersion)
{
    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;

    /// <summary>The transaction version from which each transaction has an epoch of its own (KIP-890).</summary>
    public const short EpochBumpVersion = 2;

    /// <summary>The timeout of a transaction that an outside coordinator ends (KIP-939): none.</summary>
    public const int TwoPhaseCommitTimeoutMs = int.MaxValue;

    /// <summary>Whether no epoch is left to hand out: the last one is kept for fencing.</summary>
    public bool IsEpochExhausted => IsExhausted(ProducerEpoch);

    public bool IsTimedOut(long nowMs) =>
        State == TransactionState.Ongoing && TimeoutMs != TwoPhaseCommitTimeoutMs && StartMs + TimeoutMs < nowMs;

    public static bool IsExhausted(short epoch) => epoch >= short.MaxValue - 1;

    /// <summary>An id that has no producer yet.</summary>
    public static TransactionMetadata New(string transactionalId, long producerId, int timeoutMs, long nowMs) => new(
        transactionalId, producerId, NoProducerId, NoProducerId, NoProducerEpoch, NoProducerEpoch, timeoutMs, TransactionState.Empty, [], -1, nowMs, 0);

    public TransactionMetadata WithPartitions(IEnumerable<TopicPartition> partitions, short clientVersion, long nowMs) => this with
    {
        PreviousProducerId = ProducerId,
        State = TransactionState.Ongoing,
        Partitions = Partitions.Union(partitions),
        StartMs = State == TransactionState.Ongoing ? StartMs : nowMs,
        LastUpdateMs = nowMs,
        ClientTransactionVersion = clientVersion,
    };

    /// <summary>The id for a producer of the next epoch.</summary>
    public TransactionMetadata WithEpoch(short epoch, short lastEpoch, int timeoutMs, long nowMs) => this with
    {
        PreviousProducerId = ProducerId,
        ProducerEpoch = epoch,
        LastProducerEpoch = lastEpoch,
        TimeoutMs = timeoutMs,
        State = TransactionState.Empty,
        Partitions = [],
        StartMs = -1,
        LastUpdateMs = nowMs,
    };

    /// <summary>The id for a producer with another producer id, whose epochs begin anew.</summary>
    public TransactionMetadata WithProducerId(long producerId, bool recordsLastEpoch, int timeoutMs, long nowMs) =>
        WithEpoch(0, recordsLastEpoch ? ProducerEpoch : NoProducerEpoch, timeoutMs, nowMs) with { ProducerId = producerId };

    /// <summary>The transaction's end is decided.</summary>
    public TransactionMetadata Prepared(bool isCommit, short clientVersion, long nextProducerId, bool isWithoutPartitions, long nowMs)
    {
        var bumps = clientVersion >= EpochBumpVersion;
        return this with
        {
            PreviousProducerId = ProducerId,
            NextProducerId = nextProducerId,
            // An id whose last epoch was used for fencing is still to be aborted.
            ProducerEpoch = bumps && ProducerEpoch < short.MaxValue ? (short)(ProducerEpoch + 1) : ProducerEpoch,
            LastProducerEpoch = bumps ? ProducerEpoch : LastProducerEpoch,
            State = isCommit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort,
            StartMs = isWithoutPartitions ? nowMs : StartMs,
            LastUpdateMs = nowMs,
            ClientTransactionVersion = clientVersion,
        };
    }

    /// <summary>All markers are written.</summary>
    public TransactionMetadata Completed(long nowMs)
    {
        var rotates = ClientTransactionVersion >= EpochBumpVersion && NextProducerId != NoProducerId;
        return this with
        {
            PreviousProducerId = ProducerId,
            ProducerId = rotates ? NextProducerId : ProducerId,
            NextProducerId = NoProducerId,
            ProducerEpoch = rotates ? (short)0 : ProducerEpoch,
            State = State == TransactionState.PrepareCommit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort,
            Partitions = [],
            LastUpdateMs = nowMs,
        };
    }
}
