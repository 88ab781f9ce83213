using System.Buffers.Binary;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Entries of an offset index (8 bytes: offset, position) or of a time index (12 bytes: timestamp, offset).</summary>
internal sealed class IndexFileReader
{
    private readonly byte[] _bytes;

    public IndexFileReader(string path, int entryBytes)
    {
        Path = path;
        EntryBytes = entryBytes;
        BaseOffset = LogDumper.BaseOffset(System.IO.Path.GetFileName(path));
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _bytes = new byte[stream.Length];
        stream.ReadExactly(_bytes);
    }

    public string Path { get; }

    public int EntryBytes { get; }

    public long BaseOffset { get; }

    public int Count => _bytes.Length / EntryBytes;

    /// <summary>Offset of an entry of a time index or offset index.</summary>
    public long Offset(int entry) => BaseOffset + BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(entry * EntryBytes + (EntryBytes == 12 ? 8 : 0)));

    /// <summary>Position in the log file of an entry of an offset index.</summary>
    public int Position(int entry) => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(entry * EntryBytes + 4));

    /// <summary>Timestamp of an entry of a time index.</summary>
    public long Timestamp(int entry) => BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(entry * EntryBytes));

    /// <summary>Position of the last entry of an offset index whose offset is not past the given one.</summary>
    public int Lookup(long offset)
    {
        var position = 0;
        for (var entry = 0; entry < Count && Offset(entry) <= offset && (entry == 0 || Offset(entry) != BaseOffset); entry++)
            position = Position(entry);
        return position;
    }

    public void CheckSize()
    {
        if (_bytes.Length % EntryBytes != 0)
            throw new VerbException(EntryBytes == 8
                ? $"Index file {System.IO.Path.GetFullPath(Path)} is corrupt, found {_bytes.Length} bytes which is neither positive nor a multiple of {EntryBytes}."
                : $"Time index file {System.IO.Path.GetFullPath(Path)} is corrupt, found {_bytes.Length} bytes which is neither positive nor a multiple of {EntryBytes}.");
    }

    /// <summary>The log file or the offset index that belongs to this index.</summary>
    public string Sibling(string extension) => System.IO.Path.ChangeExtension(Path, extension);
}
