namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>
    /// Makes everything durable and closes the log as at a clean stop: indexes cut to their entries, a producer snapshot
    /// at the log's end. Nothing needs checking at the next start.
    /// </summary>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public void Close()
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                if (_isClosed)
                    return;
                LogDirectory.EnsureOnline();
            }

            FlushNow(completely: false);
            lock (_lock)
            {
                _isClosed = true;
                _tail.Clear();
                OnDisk("closing", CloseUnderLock);
            }
        }
    }

    /// <summary>Renames the folder, e.g. for deletion; open files follow.</summary>
    internal void RenameDirectory(string directory)
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                OnDisk("renaming", () =>
                {
                    _services.Disk.Rename(Directory, directory);
                    _services.Disk.FlushDirectory(LogDirectory.Path);
                });
                Directory = directory;
                foreach (var segment in _segments)
                    segment.MovedTo(directory);
                _producers.Snapshots.MovedTo(directory);
            }
        }
    }

    private void CloseUnderLock()
    {
        _producers.MapEndOffset = _logEndOffset;
        _producers.TakeSnapshot(flush: true);
        Active.CloseCleanly();
        foreach (var segment in _segments.AsSpan(0, _segments.Length - 1))
            segment.Dispose();
        _epochs.Flush();
        _services.Disk.FlushDirectory(Directory);
        Volatile.Write(ref _flushedOffset, _logEndOffset);
        Volatile.Write(ref _recoveryPoint, _logEndOffset);
    }
}
