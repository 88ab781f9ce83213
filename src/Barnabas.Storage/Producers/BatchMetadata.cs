namespace Barnabas.Storage.Producers;

/// <summary>What is remembered of an appended batch to recognise its duplicate.</summary>
internal readonly record struct BatchMetadata(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public int FirstSequence => LastSequence >= OffsetDelta ? LastSequence - OffsetDelta : int.MaxValue - (OffsetDelta - LastSequence) + 1;

    public long FirstOffset => LastOffset - OffsetDelta;
}

/// <summary>A transaction that ended with a marker at <see cref="LastOffset"/>.</summary>
internal readonly record struct CompletedTransaction(long ProducerId, long FirstOffset, long LastOffset, bool IsAborted)
{
    public Indexes.AbortedTransaction ToIndexEntry(long lastStableOffset) => new(ProducerId, FirstOffset, LastOffset, lastStableOffset);
}
