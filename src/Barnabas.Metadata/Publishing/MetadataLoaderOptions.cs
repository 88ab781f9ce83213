namespace Barnabas.Metadata.Publishing;

/// <summary>When the metadata loader writes snapshots, and on which thread it lives.</summary>
public sealed record MetadataLoaderOptions
{
    /// <summary>metadata.log.max.record.bytes.between.snapshots.</summary>
    public long MaxBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary>metadata.log.max.snapshot.interval.ms; zero for no limit.</summary>
    public TimeSpan MaxSnapshotInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>False when the owner drains the loader's loop itself, as simulations do.</summary>
    public bool OwnThread { get; init; } = true;
}
