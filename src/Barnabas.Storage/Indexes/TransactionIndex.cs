using System.Buffers.Binary;

namespace Barnabas.Storage.Indexes;

/// <summary>An aborted transaction as the <c>.txnindex</c> file holds it.</summary>
/// <param name="ProducerId">Whose transaction it was.</param>
/// <param name="FirstOffset">Its first record.</param>
/// <param name="LastOffset">Its abort marker.</param>
/// <param name="LastStableOffset">The last stable offset right after the abort.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);

/// <summary>
/// The aborted transactions whose markers lie in a segment, 34 bytes each, in the order of their markers. The file
/// exists only when there is one. Callers hold the log's lock to write; reading needs none.
/// </summary>
internal sealed class TransactionIndex(IDisk disk, string path, long baseOffset)
{
    private const int EntrySize = 34;
    private const short CurrentVersion = 0;
    private readonly Lock _lock = new();
    private List<AbortedTransaction>? _entries;

    public string Path { get; private set; } = path;

    public bool FileExists => disk.FileExists(Path);

    public void Append(AbortedTransaction aborted)
    {
        lock (_lock)
        {
            var entries = Entries();
            if (entries.Count > 0 && entries[^1].LastOffset >= aborted.LastOffset)
                throw new ArgumentException($"The last offset of appended transactions must increase sequentially, but {aborted.LastOffset} is not greater than current last offset {entries[^1].LastOffset} of index {Path}");
            Span<byte> bytes = stackalloc byte[EntrySize];
            Encode(bytes, aborted);
            using var file = disk.Open(Path, DiskFileMode.OpenOrCreate);
            file.Write(bytes, (long)entries.Count * EntrySize);
            entries.Add(aborted);
        }
    }

    /// <summary>
    /// Adds the aborted transactions that touch [from, to); true when no later segment can hold another one.
    /// </summary>
    public bool Collect(long from, long to, List<AbortedTransaction> into)
    {
        lock (_lock)
        {
            foreach (var entry in Entries())
            {
                if (entry.LastOffset >= from && entry.FirstOffset < to)
                    into.Add(entry);
                if (entry.LastStableOffset >= to)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether the abort marker at the offset is indexed.</summary>
    public bool Contains(long lastOffset)
    {
        lock (_lock)
            return Entries().Exists(e => e.LastOffset == lastOffset);
    }

    public IReadOnlyList<AbortedTransaction> All()
    {
        lock (_lock)
            return Entries().ToArray();
    }

    /// <exception cref="CorruptIndexException">An entry cannot be right.</exception>
    public void SanityCheck()
    {
        lock (_lock)
            _ = Entries();
    }

    public void TruncateTo(long offset)
    {
        lock (_lock)
        {
            var entries = Entries();
            var keep = entries.FindIndex(e => e.LastOffset >= offset);
            if (keep < 0)
                return;
            entries.RemoveRange(keep, entries.Count - keep);
            using var file = disk.Open(Path, DiskFileMode.OpenExisting);
            file.SetLength((long)keep * EntrySize);
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _entries = [];
            if (disk.FileExists(Path))
            {
                using var file = disk.Open(Path, DiskFileMode.CreateOrTruncate);
                file.SetLength(0);
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            if (!disk.FileExists(Path))
                return;
            using var file = disk.Open(Path, DiskFileMode.OpenExisting);
            file.Flush();
        }
    }

    public void Rename(string path)
    {
        lock (_lock)
        {
            if (disk.FileExists(Path))
                disk.Rename(Path, path);
            Path = path;
        }
    }

    public void MovedTo(string path)
    {
        lock (_lock)
            Path = path;
    }

    public void Delete()
    {
        lock (_lock)
            disk.DeleteFile(Path);
    }

    private static void Encode(Span<byte> bytes, AbortedTransaction entry)
    {
        BinaryPrimitives.WriteInt16BigEndian(bytes, CurrentVersion);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], entry.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], entry.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], entry.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[26..], entry.LastStableOffset);
    }

    private List<AbortedTransaction> Entries()
    {
        if (_entries is not null)
            return _entries;
        if (!disk.FileExists(Path))
            return _entries = [];
        var bytes = disk.ReadAllBytes(Path);
        if (bytes.Length % EntrySize != 0)
            throw new CorruptIndexException($"Transaction index {Path} has {bytes.Length} bytes, not a multiple of {EntrySize}");
        var entries = new List<AbortedTransaction>(bytes.Length / EntrySize);
        for (var at = 0; at < bytes.Length; at += EntrySize)
        {
            var span = bytes.AsSpan(at);
            var version = BinaryPrimitives.ReadInt16BigEndian(span);
            var entry = new AbortedTransaction(
                BinaryPrimitives.ReadInt64BigEndian(span[2..]),
                BinaryPrimitives.ReadInt64BigEndian(span[10..]),
                BinaryPrimitives.ReadInt64BigEndian(span[18..]),
                BinaryPrimitives.ReadInt64BigEndian(span[26..]));
            if (version != CurrentVersion || entry.LastOffset < baseOffset || entry.FirstOffset > entry.LastOffset)
                throw new CorruptIndexException($"Last offset of aborted transaction {entry} in index {Path} is less than start offset {baseOffset} or of unknown version {version}");
            entries.Add(entry);
        }

        return _entries = entries;
    }
}
