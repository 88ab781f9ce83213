using Barnabas.Metadata.Image;
using Barnabas.Raft;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Publishing;

/// <summary>
/// Writes a snapshot of the metadata when enough was appended since the last one, or enough time has gone by. Lives on
/// the metadata loader's thread.
/// </summary>
/// <param name="raft">Where snapshots go.</param>
/// <param name="maxBytes">metadata.log.max.record.bytes.between.snapshots.</param>
/// <param name="maxInterval">metadata.log.max.snapshot.interval.ms; zero for no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class SnapshotGenerator(
    IRaftClient raft, long maxBytes, TimeSpan maxInterval, TimeProvider time, ILogger logger)
{
    private long _bytes;
    private long _lastTimestamp = time.GetTimestamp();

    /// <summary>A snapshot was loaded: counting begins after it.</summary>
    internal void Reset()
    {
        _bytes = 0;
        _lastTimestamp = time.GetTimestamp();
    }

    /// <summary>Counts what was appended and writes a snapshot when it is time.</summary>
    internal void Appended(long bytes, MetadataImage image)
    {
        _bytes += bytes;
        if (image.IsEmpty || image.Features.MetadataVersion == 0) return;
        if (_bytes < maxBytes && (maxInterval == TimeSpan.Zero || time.GetElapsedTime(_lastTimestamp) < maxInterval)) return;
        Reset();
        Write(image);
    }

    internal void Write(MetadataImage image)
    {
        var id = new OffsetAndEpoch(image.Provenance.LastContainedOffset + 1, image.Provenance.LastContainedEpoch);
        try
        {
            using var writer = raft.CreateSnapshot(id, image.Provenance.LastContainedLogTimeMs);
            if (writer is null) return;
            foreach (var record in image.ToRecords()) writer.Append(MetadataRecordSerde.Serialize(record));
            writer.Freeze();
        }
        catch (IOException e)
        {
            // The log still has everything: a snapshot saves only time and space.
            MetadataLoaderLog.SnapshotFailed(logger, id, e);
        }
    }
}
