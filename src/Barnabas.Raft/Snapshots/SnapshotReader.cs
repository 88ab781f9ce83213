using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;
using Barnabas.Storage;

namespace Barnabas.Raft.Snapshots;

/// <summary>Reads a whole snapshot, which must begin with its header and end with its footer.</summary>
public sealed class SnapshotReader
{
    private readonly List<ReadOnlyMemory<byte>> _records = [];

    private SnapshotReader(OffsetAndEpoch id) => Id = id;

    /// <summary>The snapshot's id: the end offset (exclusive) and the epoch of the record before it.</summary>
    public OffsetAndEpoch Id { get; }

    /// <summary>The append time of the last contained record, in milliseconds since the Unix epoch.</summary>
    public long LastContainedLogTimeMs { get; private set; }

    /// <summary>The record values, without control records.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Records => _records;

    /// <summary>The size of the file.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>The kraft.version that the snapshot names, 0 for none.</summary>
    public short KRaftVersion { get; private set; }

    /// <summary>The voters that the snapshot names, or null.</summary>
    public VoterSet? Voters { get; private set; }

    /// <summary>Reads a snapshot file.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="id">Its id.</param>
    /// <param name="decompression">The memory that records are decompressed into; <see cref="BufferPool.Shared"/> when null.</param>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete.</exception>
    public static SnapshotReader Read(IDisk disk, string path, OffsetAndEpoch id, BufferPool? decompression = null)
    {
        var bytes = disk.ReadAllBytes(path);
        var reader = new SnapshotReader(id) { SizeInBytes = bytes.Length };
        var sawHeader = false;
        var sawFooter = false;
        try
        {
            foreach (var batch in RecordBatches.Enumerate(bytes))
            {
                batch.EnsureValid();
                if (sawFooter) throw new InvalidDataException($"{path}: there are records after the footer.");
                foreach (var record in batch.Records(decompression))
                {
                    if (!batch.IsControl)
                    {
                        if (!sawHeader) throw new InvalidDataException($"{path}: there are records before the header.");
                        reader._records.Add(record.ValueBytes);
                        continue;
                    }
                    switch (ControlRecords.ReadType(record.KeyBytes.Span))
                    {
                        case ControlRecordType.SnapshotHeader:
                            var header = new SnapshotHeaderRecord();
                            KRaftControl.ReadInto(header, record.ValueBytes);
                            reader.LastContainedLogTimeMs = header.LastContainedLogTimestamp;
                            sawHeader = true;
                            break;
                        case ControlRecordType.SnapshotFooter:
                            sawFooter = true;
                            break;
                        case ControlRecordType.KRaftVersion:
                            var version = new KRaftVersionRecord();
                            KRaftControl.ReadInto(version, record.ValueBytes);
                            reader.KRaftVersion = version.KRaftVersion;
                            break;
                        case ControlRecordType.KRaftVoters:
                            var voters = new VotersRecord();
                            KRaftControl.ReadInto(voters, record.ValueBytes);
                            reader.Voters = VoterSet.From(voters);
                            break;
                    }
                }
            }
        }
        catch (Exception e) when (e is CorruptRecordException or InvalidRecordException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        if (!sawHeader || !sawFooter) throw new InvalidDataException($"{path}: the snapshot is incomplete: its {(sawHeader ? "footer" : "header")} is missing.");
        return reader;
    }
}
