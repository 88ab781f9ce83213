namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>Whether the producer has a transaction open here.</summary>
    public bool HasOngoingTransaction(long producerId, short producerEpoch)
    {
        lock (_lock)
            return _producers.HasOngoingTransaction(producerId, producerEpoch);
    }

    /// <summary>Begins to verify a producer's transaction, unless it has records here already (KIP-890).</summary>
    /// <param name="producerId">The producer.</param>
    /// <param name="sequence">The first sequence number of its batch; -1 for a batch without.</param>
    /// <param name="producerEpoch">Its epoch.</param>
    /// <param name="supportsEpochBump">Whether its transactions have an epoch each (transaction version 2).</param>
    /// <returns>What the append has to bring along once the coordinator agreed; null when nothing has to be asked.</returns>
    public VerificationGuard? MaybeStartTransactionVerification(long producerId, int sequence, short producerEpoch, bool supportsEpochBump)
    {
        lock (_lock)
            return _producers.MaybeStartVerification(producerId, sequence, producerEpoch, supportsEpochBump);
    }
}
