using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Barnabas.Storage.Compaction;

/// <summary>
/// The last offset of each key in a stretch of a log, by 16 bytes of the key's hash: 24 bytes a key whatever its length. Its memory is
/// fixed; a full map ends the stretch. Two keys of one hash would be taken for one, which at 128 bits does not happen. One thread.
/// </summary>
internal sealed class OffsetMap
{
    /// <summary>Bytes of one slot: the hash and the offset.</summary>
    public const int BytesPerSlot = 24;

    private readonly Slot[] _slots;
    private readonly int _capacity;

    /// <summary>Creates an empty map.</summary>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="loadFactor">What share of them may be filled (log.cleaner.io.buffer.load.factor).</param>
    public OffsetMap(int slots, double loadFactor)
    {
        _slots = new Slot[Math.Max(2, slots)];
        _capacity = (int)Math.Clamp(_slots.Length * loadFactor, 1, _slots.Length - 1);
    }

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no further key fits.</summary>
    public bool IsFull => Count >= _capacity;

    /// <summary>Filled slots in percent of all.</summary>
    public double Utilization => 100.0 * Count / _slots.Length;

    /// <summary>How many slots a budget of memory has room for, given that so many keys may come.</summary>
    public static int SlotsFor(long bufferBytes, long keys, double loadFactor)
    {
        var affordable = Math.Min(bufferBytes / BytesPerSlot, Array.MaxLength);
        var wanted = Math.Min(affordable, (long)(keys / Math.Clamp(loadFactor, 0.01, 1.0)) + 2);
        return (int)Math.Max(2, wanted);
    }

    /// <summary>Notes a key's offset, which is above all noted before.</summary>
    /// <returns>False where the key is new and the map is full.</returns>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        var (high, low) = Hash(key);
        var at = Find(high, low);
        if (!_slots[at].IsUsed)
        {
            if (IsFull)
                return false;
            Count++;
        }
        _slots[at] = new Slot(high, low, offset + 1);
        return true;
    }

    /// <summary>The key's last offset; -1 for a key that is not there.</summary>
    public long Get(ReadOnlySpan<byte> key)
    {
        var (high, low) = Hash(key);
        return _slots[Find(high, low)].OffsetPlusOne - 1;
    }

    private int Find(ulong high, ulong low)
    {
        var at = (int)(low % (ulong)_slots.Length);
        while (_slots[at].IsUsed && (_slots[at].High != high || _slots[at].Low != low))
            at = at + 1 == _slots.Length ? 0 : at + 1;
        return at;
    }

    private static (ulong High, ulong Low) Hash(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    private readonly record struct Slot(ulong High, ulong Low, long OffsetPlusOne)
    {
        public bool IsUsed => OffsetPlusOne != 0;
    }
}
