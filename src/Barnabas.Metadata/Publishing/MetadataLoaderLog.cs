using Barnabas.Raft;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Publishing;

/// <summary>What the metadata loader tells an operator.</summary>
internal static partial class MetadataLoaderLog
{
    [LoggerMessage(1, LogLevel.Information, "Metadata is caught up at offset {Offset}: {Topics} topic(s), {Brokers} broker(s).")]
    internal static partial void CaughtUp(ILogger logger, long offset, int topics, int brokers);

    [LoggerMessage(2, LogLevel.Error, "Publisher {Publisher} failed on the metadata of offset {Offset}; it gets the next change all the same.")]
    internal static partial void PublisherFailed(ILogger logger, string publisher, long offset, Exception exception);

    [LoggerMessage(3, LogLevel.Critical, "The metadata log cannot be followed any further; this node stops.")]
    internal static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Snapshot {Id} of the metadata log could not be written; the next one is tried later.")]
    internal static partial void SnapshotFailed(ILogger logger, OffsetAndEpoch id, Exception exception);
}
