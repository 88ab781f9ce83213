namespace Barnabas.Storage;

/// <summary>What an append did.</summary>
/// <param name="FirstOffset">The first offset; of the earlier append when <paramref name="IsDuplicate"/>.</param>
/// <param name="LastOffset">The last offset; of the earlier append when <paramref name="IsDuplicate"/>.</param>
/// <param name="LastLeaderEpoch">The leader epoch of the last batch.</param>
/// <param name="MaxTimestamp">The largest timestamp in Unix milliseconds; -1 without any.</param>
/// <param name="LogAppendTimeMs">The time the log stamped on the records; -1 with CreateTime.</param>
/// <param name="LogStartOffset">The log start offset at the append.</param>
/// <param name="SizeInBytes">The bytes written.</param>
/// <param name="BatchCount">The batches written.</param>
/// <param name="IsDuplicate">Nothing was written: an idempotent producer sent one of its last five batches again.</param>
/// <param name="RequiresFlush">
/// <c>flush.messages</c> is reached: acknowledge (and raise the high watermark) after <see cref="UnifiedLog.FlushAsync"/>
/// up to <paramref name="LastOffset"/> + 1 alone.
/// </param>
/// <param name="LogEndOffset">The log end offset after the append.</param>
public readonly record struct LogAppendInfo(
    long FirstOffset,
    long LastOffset,
    int LastLeaderEpoch,
    long MaxTimestamp,
    long LogAppendTimeMs,
    long LogStartOffset,
    int SizeInBytes,
    int BatchCount,
    bool IsDuplicate,
    bool RequiresFlush,
    long LogEndOffset);
