using Barnabas.Cli.Framework;
using Barnabas.Cli.Verbs.DumpLog;
using Barnabas.Metadata;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Reads the metadata out of a snapshot, out of a segment of the metadata log, or out of a log directory with both.</summary>
internal sealed class MetadataFiles
{
    private readonly List<(IMetadataRecord Record, long Offset)> _held = [];
    private MetadataImage _image = MetadataImage.Empty;
    private bool _isInTransaction;
    private long _nextOffset;

    /// <summary>Reads one file.</summary>
    /// <exception cref="VerbException">There is no such file, or no metadata in it.</exception>
    public static MetadataImage ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new VerbException($"Error: {path} (No such file or directory)");
        var files = new MetadataFiles();
        files.Add(path);
        return files.Result(path);
    }

    /// <summary>Reads the newest snapshot of a directory and the segments behind it.</summary>
    /// <exception cref="VerbException">There is no metadata log.</exception>
    public static MetadataImage ReadDirectory(string path)
    {
        var log = Path.Combine(path, "__cluster_metadata-0");
        if (!Directory.Exists(log))
            log = path;
        if (!Directory.Exists(log))
            throw new VerbException($"Error: {path} (No such file or directory)");
        var files = new MetadataFiles();
        var snapshot = Directory.GetFiles(log, "*.checkpoint").Where(file => Path.GetFileName(file).Length == 41).Max(StringComparer.Ordinal);
        if (snapshot is not null)
        {
            files.Add(snapshot);
            files._nextOffset = LogDumper.BaseOffset(Path.GetFileName(snapshot).Replace('-', '.'));
        }

        foreach (var segment in Directory.GetFiles(log, "*.log").Order(StringComparer.Ordinal))
            files.Add(segment);
        return files.Result(path);
    }

    private MetadataImage Result(string path) => _image.IsEmpty ? throw new VerbException($"Error: there is no metadata in {path}") : _image;

    private void Add(string path)
    {
        using var file = new LogFile(path);
        var isSnapshot = path.EndsWith(".checkpoint", StringComparison.Ordinal);
        var delta = new MetadataDelta(_image, fromSnapshot: isSnapshot);
        var provenance = _image.Provenance;
        for (long position = 0; file.TryRead(position, long.MaxValue, out var batch); position += batch.SizeInBytes)
        {
            if (batch.LastOffset < _nextOffset)
                continue;
            if (!batch.IsControl)
                foreach (var record in batch.Records())
                    if (record.Offset >= _nextOffset)
                        Replay(delta, MetadataRecordSerde.Deserialize(record.ValueBytes).Record, record.Offset);
            provenance = new MetadataProvenance(batch.LastOffset, batch.PartitionLeaderEpoch, batch.MaxTimestamp);
        }

        if (isSnapshot)
            delta.FinishSnapshot();
        _image = delta.Apply(provenance);
    }

    // Records of a metadata transaction count when it has ended (KIP-868).
    private void Replay(MetadataDelta delta, IMetadataRecord record, long offset)
    {
        switch (record)
        {
            case BeginTransactionRecord:
                _isInTransaction = true;
                break;
            case EndTransactionRecord:
                foreach (var (held, heldOffset) in _held)
                    delta.Replay(held, heldOffset);
                EndTransaction();
                break;
            case AbortTransactionRecord:
                EndTransaction();
                break;
            case var _ when _isInTransaction:
                _held.Add((record, offset));
                break;
            default:
                delta.Replay(record, offset);
                break;
        }
    }

    private void EndTransaction()
    {
        _isInTransaction = false;
        _held.Clear();
    }
}
