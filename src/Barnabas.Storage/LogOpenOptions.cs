namespace Barnabas.Storage;

/// <summary>What the checkpoints of a log directory say of one log.</summary>
/// <param name="RecoveryPoint">Everything below is durable, indexes included; 0 checks the whole log.</param>
/// <param name="LogStartOffset">The first offset that may be read; 0 when no record was deleted.</param>
/// <param name="HadCleanShutdown">The last process flushed everything: nothing is checked.</param>
/// <param name="CleanerOffset">Compaction was here: below it, gaps between offsets are right.</param>
public sealed record LogOpenOptions(long RecoveryPoint = 0, long LogStartOffset = 0, bool HadCleanShutdown = false, long CleanerOffset = 0);
