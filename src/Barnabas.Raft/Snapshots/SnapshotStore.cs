using Barnabas.Protocol.Compression;
using Barnabas.Raft.Quorum;
using Barnabas.Storage;

namespace Barnabas.Raft.Snapshots;

/// <summary>The finished snapshots of a metadata log. Safe for use from any thread.</summary>
internal sealed class SnapshotStore(IDisk disk, string directory, BufferPool decompression)
{
    private readonly Lock _lock = new();
    private SortedList<OffsetAndEpoch, long> _snapshots = [];

    internal OffsetAndEpoch? Latest
    {
        get
        {
            lock (_lock) return _snapshots.Count > 0 ? _snapshots.Keys[^1] : null;
        }
    }

    internal OffsetAndEpoch? Earliest
    {
        get
        {
            lock (_lock) return _snapshots.Count > 0 ? _snapshots.Keys[0] : null;
        }
    }

    internal int Count
    {
        get
        {
            lock (_lock) return _snapshots.Count;
        }
    }

    internal long TotalBytes
    {
        get
        {
            lock (_lock) return _snapshots.Values.Sum();
        }
    }

    internal void Load()
    {
        var found = SnapshotFiles.List(disk, directory);
        lock (_lock) _snapshots = found;
    }

    /// <summary>The size in bytes, or null when there is no such snapshot.</summary>
    internal long? SizeOf(OffsetAndEpoch id)
    {
        lock (_lock) return _snapshots.TryGetValue(id, out var bytes) ? bytes : null;
    }

    /// <summary>Some bytes of a snapshot's file.</summary>
    internal ReadOnlyMemory<byte> Slice(OffsetAndEpoch id, long position, int maxBytes)
    {
        using var file = disk.Open(PathOf(id), DiskFileMode.OpenExisting);
        var bytes = new byte[Math.Min(maxBytes, Math.Max(0, file.Length - position))];
        return bytes.AsMemory(0, file.Read(bytes, position));
    }

    internal SnapshotReader Read(OffsetAndEpoch id) => SnapshotReader.Read(disk, PathOf(id), id, decompression);

    /// <summary>Starts a snapshot; null when it is there already, or a newer one is.</summary>
    internal SnapshotWriter? Create(
        OffsetAndEpoch id, long lastContainedLogTimeMs, VoterSetHistory history, TimeProvider time, Action<OffsetAndEpoch, long> written)
    {
        if (Latest is { } latest && latest >= id) return null;
        return new SnapshotWriter(
            disk,
            PathOf(id),
            id,
            lastContainedLogTimeMs,
            history.VersionAt(id.Offset - 1),
            history.VotersAt(id.Offset - 1) ?? VoterSet.Empty,
            time,
            (finished, bytes) =>
            {
                lock (_lock) _snapshots[finished] = bytes;
                written(finished, bytes);
            });
    }

    /// <summary>The snapshot after that one.</summary>
    internal OffsetAndEpoch? After(OffsetAndEpoch id)
    {
        lock (_lock)
        {
            foreach (var candidate in _snapshots.Keys)
            {
                if (candidate > id) return candidate;
            }
            return null;
        }
    }

    /// <summary>The oldest snapshot when retention wants it gone; the newest always stays.</summary>
    internal OffsetAndEpoch? NextToDelete(RaftOptions options, long logBytes, long nowMs)
    {
        OffsetAndEpoch oldest;
        long total;
        lock (_lock)
        {
            if (_snapshots.Count < 2) return null;
            oldest = _snapshots.Keys[0];
            total = _snapshots.Values.Sum();
        }
        if (options.RetentionMaxBytes >= 0 && total + logBytes > options.RetentionMaxBytes) return oldest;
        if (options.RetentionMaxMs < 0) return null;
        return nowMs - Read(oldest).LastContainedLogTimeMs > options.RetentionMaxMs ? oldest : null;
    }

    internal void Delete(OffsetAndEpoch id)
    {
        lock (_lock) _snapshots.Remove(id);
        disk.DeleteFile(PathOf(id));
    }

    private string PathOf(OffsetAndEpoch id) => Path.Combine(directory, SnapshotFiles.Name(id));
}
