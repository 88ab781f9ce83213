using Barnabas.Protocol;
using Barnabas.Storage.Checkpoints;

namespace Barnabas.Storage;

/// <summary>
/// One of a node's log directories: its lock, identity and checkpoints. Any thread; each checkpoint serializes its writes.
/// </summary>
public sealed class LogDirectory : IDisposable
{
    private readonly LogServices _services;
    private readonly Lock _cleanerLock = new();
    private IDisposable? _lock;

    internal LogDirectory(LogServices services, string path)
    {
        _services = services;
        Path = path;
        State = new LogDirectoryState(path, services.Logger);
        RecoveryPoints = Checkpoint(LogFileNames.RecoveryPointCheckpoint);
        LogStartOffsets = Checkpoint(LogFileNames.LogStartOffsetCheckpoint);
        HighWatermarks = Checkpoint(LogFileNames.ReplicationOffsetCheckpoint);
        CleanerOffsets = Checkpoint(LogFileNames.CleanerOffsetCheckpoint);
        CleanShutdown = new CleanShutdownFile(services.Disk, path);
    }

    /// <summary>The directory's path.</summary>
    public string Path { get; }

    /// <summary>Whether the directory works.</summary>
    public LogDirectoryState State { get; }

    /// <summary>The identity in <c>meta.properties</c>; null when the directory is not formatted.</summary>
    public MetaProperties? MetaProperties { get; private set; }

    /// <summary>The directory's id (KIP-858); zero when it has none.</summary>
    public Uuid Id => MetaProperties?.DirectoryId ?? Uuid.Zero;

    /// <summary>Whether the last process stopped cleanly, as seen at the start of this one.</summary>
    public bool HadCleanShutdown { get; private set; }

    /// <summary>The broker epoch of the last clean stop (KIP-966); null after a crash.</summary>
    public long? LastBrokerEpoch { get; private set; }

    internal OffsetCheckpointFile RecoveryPoints { get; }

    internal OffsetCheckpointFile LogStartOffsets { get; }

    internal OffsetCheckpointFile HighWatermarks { get; }

    internal OffsetCheckpointFile CleanerOffsets { get; }

    internal CleanShutdownFile CleanShutdown { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>Creates the directory when absent, locks it and reads its identity; a failure takes it offline.</summary>
    /// <exception cref="LogDirectoryInUseException">Another process uses the directory.</exception>
    internal void Open()
    {
        try
        {
            if (!_services.Disk.DirectoryExists(Path))
                _services.Disk.CreateDirectory(Path);
            _lock = _services.Disk.TryLock(System.IO.Path.Combine(Path, LogFileNames.LockFile));
            MetaProperties = MetaProperties.Read(_services.Disk, Path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            State.Fail($"Error while opening log dir {Path}", e);
            return;
        }

        if (_lock is null)
            throw new LogDirectoryInUseException(Path);
    }

    /// <summary>Reads and removes the clean-shutdown marker.</summary>
    internal void TakeCleanShutdownMarker()
    {
        HadCleanShutdown = CleanShutdown.Exists;
        LastBrokerEpoch = CleanShutdown.ReadBrokerEpoch();
        CleanShutdown.Delete();
    }

    internal Dictionary<TopicPartition, long> ReadCheckpoint(OffsetCheckpointFile file)
    {
        try
        {
            return file.Read();
        }
        catch (InvalidDataException e)
        {
            StorageLog.CheckpointDamaged(_services.Logger, file.Path, e.Message);
            return [];
        }
    }

    internal void WriteCheckpoint(OffsetCheckpointFile file, IReadOnlyDictionary<TopicPartition, long> offsets)
    {
        if (State.IsOffline)
            return;
        try
        {
            file.Write(offsets);
        }
        catch (IOException e)
        {
            throw State.Fail($"Error while writing to checkpoint file {file.Path}", e);
        }
    }

    internal Dictionary<TopicPartition, long> ReadCleanerOffsets()
    {
        lock (_cleanerLock)
            return ReadCheckpoint(CleanerOffsets);
    }

    /// <summary>Compaction got as far as the offset.</summary>
    internal void SetCleanerOffset(TopicPartition partition, long offset)
    {
        lock (_cleanerLock)
        {
            var offsets = ReadCheckpoint(CleanerOffsets);
            offsets[partition] = offset;
            WriteCheckpoint(CleanerOffsets, offsets);
        }
    }

    /// <summary>Compaction got no further than the limit, or (null) nowhere: the log was cut or is gone.</summary>
    internal void LowerCleanerOffset(TopicPartition partition, long? limit)
    {
        lock (_cleanerLock)
        {
            var offsets = ReadCheckpoint(CleanerOffsets);
            if (!offsets.TryGetValue(partition, out var offset) || limit >= offset)
                return;
            if (limit is { } lower)
                offsets[partition] = lower;
            else
                offsets.Remove(partition);
            WriteCheckpoint(CleanerOffsets, offsets);
        }
    }

    private OffsetCheckpointFile Checkpoint(string name) => new(_services.Disk, System.IO.Path.Combine(Path, name));
}
