using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;
using Barnabas.Storage;

namespace Barnabas.Raft.Snapshots;

/// <summary>
/// Writes one snapshot: a header batch (with kraft.version and voters when the quorum is dynamic), batches of records,
/// a footer. The file appears under its name only when <see cref="Freeze"/> has made it durable. One thread uses it.
/// </summary>
public sealed class SnapshotWriter : IDisposable
{
    private const int MaxBatchBytes = 1 << 20;
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action<OffsetAndEpoch, long>? _frozen;
    private readonly List<ReadOnlyMemory<byte>> _pending = [];
    private readonly IDiskFile _file;
    private readonly int _epoch;
    private int _pendingBytes;
    private long _position;
    private long _nextOffset;
    private bool _isFrozen;

    /// <summary>Starts a snapshot with its header.</summary>
    /// <param name="disk">Where to write.</param>
    /// <param name="path">The path of the finished file.</param>
    /// <param name="id">The snapshot's id.</param>
    /// <param name="lastContainedLogTimeMs">The append time of the last contained record, in milliseconds.</param>
    /// <param name="kraftVersion">The kraft.version at the snapshot's end; 0 writes neither it nor voters.</param>
    /// <param name="voters">The voters at the snapshot's end.</param>
    /// <param name="time">Gives the timestamp of batches.</param>
    /// <param name="frozen">Told when the file is durable, with its id and size.</param>
    public SnapshotWriter(
        IDisk disk,
        string path,
        OffsetAndEpoch id,
        long lastContainedLogTimeMs,
        short kraftVersion,
        VoterSet voters,
        TimeProvider time,
        Action<OffsetAndEpoch, long>? frozen = null)
    {
        _disk = disk;
        _path = path;
        Id = id;
        _epoch = id.Epoch;
        _time = time;
        _frozen = frozen;
        _file = disk.Open(path + ".part", DiskFileMode.CreateOrTruncate);
        List<(ControlRecordType, ReadOnlyMemory<byte>)> header = [KRaftControl.SnapshotHeaderRecord(lastContainedLogTimeMs)];
        if (kraftVersion > 0)
        {
            header.Add(KRaftControl.KRaftVersionRecord(kraftVersion));
            header.Add(KRaftControl.VotersRecord(voters));
        }
        Write(RaftBatch.Control(_nextOffset, _epoch, NowMs(), header), header.Count);
    }

    /// <summary>The snapshot's id.</summary>
    public OffsetAndEpoch Id { get; }

    /// <summary>Adds a record value.</summary>
    public void Append(ReadOnlyMemory<byte> value)
    {
        if (_isFrozen) throw new InvalidOperationException($"Snapshot {Id} is finished already.");
        var size = RaftBatch.SizeBound(value);
        if (_pending.Count > 0 && _pendingBytes + size > MaxBatchBytes) WritePending();
        _pending.Add(value);
        _pendingBytes += size;
    }

    /// <summary>Writes the footer, makes the file durable and gives it its name.</summary>
    public void Freeze()
    {
        if (_isFrozen) throw new InvalidOperationException($"Snapshot {Id} is finished already.");
        WritePending();
        Write(RaftBatch.Control(_nextOffset, _epoch, NowMs(), [KRaftControl.SnapshotFooterRecord()]), 1);
        _file.Flush();
        _file.Dispose();
        _isFrozen = true;
        _disk.Rename(_path + ".part", _path);
        _disk.FlushDirectory(Path.GetDirectoryName(_path)!);
        _frozen?.Invoke(Id, _position);
    }

    /// <summary>Gives up a snapshot that was not finished.</summary>
    public void Dispose()
    {
        if (_isFrozen) return;
        _isFrozen = true;
        _file.Dispose();
        _disk.DeleteFile(_path + ".part");
    }

    private void WritePending()
    {
        if (_pending.Count == 0) return;
        Write(RaftBatch.Data(_nextOffset, _epoch, NowMs(), _pending), _pending.Count);
        _pending.Clear();
        _pendingBytes = 0;
    }

    private void Write(byte[] batch, int records)
    {
        _file.Write(batch, _position);
        _position += batch.Length;
        _nextOffset += records;
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
