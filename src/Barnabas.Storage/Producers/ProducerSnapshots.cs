namespace Barnabas.Storage.Producers;

/// <summary>The <c>.snapshot</c> files in a partition's folder. Guarded by the log's lock.</summary>
internal sealed class ProducerSnapshots
{
    private readonly IDisk _disk;
    private readonly SortedSet<long> _offsets = [];
    private string _directory;

    public ProducerSnapshots(IDisk disk, string directory, IEnumerable<long> offsets)
    {
        _disk = disk;
        _directory = directory;
        foreach (var offset in offsets)
            _offsets.Add(offset);
    }

    public long? LatestOffset => _offsets.Count == 0 ? null : _offsets.Max;

    public IReadOnlyCollection<long> Offsets => _offsets;

    /// <summary>The entries of a snapshot; null when it is damaged.</summary>
    public List<ProducerStateEntry>? TryRead(long offset)
    {
        try
        {
            return ProducerSnapshotFile.Decode(_disk.ReadAllBytes(PathOf(offset)));
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> content, bool flush)
    {
        using (var file = _disk.Open(PathOf(offset), DiskFileMode.CreateOrTruncate))
        {
            file.Write(content, 0);
            if (flush)
                file.Flush();
        }

        _offsets.Add(offset);
        if (flush)
            _disk.FlushDirectory(_directory);
    }

    /// <summary>Makes a snapshot durable when there is one at the offset.</summary>
    public void FlushFile(long offset)
    {
        if (!_offsets.Contains(offset))
            return;
        using var file = _disk.Open(PathOf(offset), DiskFileMode.OpenExisting);
        file.Flush();
    }

    public void Delete(long offset)
    {
        if (_offsets.Remove(offset))
            _disk.DeleteFile(PathOf(offset));
    }

    /// <summary>Deletes those at or below the start and above the end.</summary>
    public void DeleteOutside(long startOffset, long endOffset)
    {
        foreach (var offset in _offsets.Where(o => o > endOffset || o <= startOffset).ToArray())
            Delete(offset);
    }

    /// <summary>Deletes those that belong to no segment, but for the newest when it lies above all segments (the clean stop's).</summary>
    public void DeleteStray(IReadOnlyCollection<long> segmentBaseOffsets)
    {
        if (segmentBaseOffsets.Count == 0)
            return;
        var highest = segmentBaseOffsets.Max();
        var stray = _offsets.Where(o => !segmentBaseOffsets.Contains(o)).ToArray();
        for (var i = 0; i < stray.Length; i++)
        {
            if (i < stray.Length - 1 || stray[i] < highest)
                Delete(stray[i]);
        }
    }

    /// <summary>Takes a snapshot out and renames its file for the delayed deletion; null when there is none.</summary>
    public string? MarkDeleted(long offset)
    {
        if (!_offsets.Remove(offset))
            return null;
        var path = PathOf(offset);
        if (!_disk.FileExists(path))
            return null;
        _disk.Rename(path, path + LogFileNames.DeletedSuffix);
        return path + LogFileNames.DeletedSuffix;
    }

    public void MovedTo(string directory) => _directory = directory;

    private string PathOf(long offset) => Path.Combine(_directory, LogFileNames.ForOffset(offset, LogFileNames.SnapshotSuffix));
}
