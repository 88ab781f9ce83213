namespace Barnabas.Storage.Compaction;

/// <summary>Compaction gave a log up because it changed under it, or because the broker stops; it is tried again later.</summary>
internal sealed class CleaningAbortedException : Exception;
