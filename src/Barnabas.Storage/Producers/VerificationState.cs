namespace Barnabas.Storage.Producers;

/// <summary>
/// A producer whose transaction is being verified. The lowest sequence seen is kept, so that a later batch does not
/// overtake an earlier one whose verification has to be repeated. Guarded by the log's lock.
/// </summary>
internal sealed class VerificationState(long createdMs, int sequence, short epoch, bool supportsEpochBump)
{
    public VerificationGuard Guard { get; } = new();

    public long CreatedMs { get; } = createdMs;

    public int LowestSequence { get; private set; } = sequence;

    /// <summary>Whether each transaction has an epoch, and so sequences, of its own.</summary>
    public bool SupportsEpochBump { get; } = supportsEpochBump;

    /// <summary>The youngest epoch that is verified.</summary>
    public short Epoch { get; private set; } = epoch;

    public void Note(int sequence, short epoch)
    {
        if (epoch > Epoch)
            (Epoch, LowestSequence) = (epoch, sequence);
        else if (epoch == Epoch)
            LowestSequence = Math.Min(LowestSequence, sequence);
    }
}
