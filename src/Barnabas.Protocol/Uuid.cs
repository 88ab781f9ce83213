using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol;

/// <summary>Kafka's 128-bit id: written as 22 characters of url-safe base64 without padding.</summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
public readonly record struct Uuid(long High, long Low) : IComparable<Uuid>
{
    /// <summary>Stands for "no id".</summary>
    public static Uuid Zero => default;

    /// <summary>Kafka's reserved id of the <c>__cluster_metadata</c> topic.</summary>
    public static Uuid One => new(0, 1);

    /// <summary>A version-4 id that is not reserved and whose text does not start with '-', which tools would take for an option.</summary>
    public static Uuid Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            random.NextBytes(bytes);
            bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
            var id = FromBytes(bytes);
            // '-' is 62: the first character holds the first six bits.
            if (bytes[0] >> 2 != 62)
                return id;
        }
    }

    /// <summary>The id in 16 big-endian bytes.</summary>
    public static Uuid FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));

    /// <summary>Writes 16 big-endian bytes.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>Reads Kafka's text form.</summary>
    /// <exception cref="FormatException">The text is no such id.</exception>
    public static Uuid Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"Input string `{text}` is not a 16-byte id in url-safe base64.");

    /// <summary>Reads Kafka's text form, when it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Uuid id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[18];
        if (text is null || text.Length > 24 || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != 16)
            return false;
        id = FromBytes(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Uuid other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteTo(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Orders ids as signed pairs, as Kafka does.</summary>
    public static bool operator <(Uuid left, Uuid right) => left.CompareTo(right) < 0;

    /// <summary>Orders ids as signed pairs, as Kafka does.</summary>
    public static bool operator >(Uuid left, Uuid right) => left.CompareTo(right) > 0;

    /// <summary>Orders ids as signed pairs, as Kafka does.</summary>
    public static bool operator <=(Uuid left, Uuid right) => left.CompareTo(right) <= 0;

    /// <summary>Orders ids as signed pairs, as Kafka does.</summary>
    public static bool operator >=(Uuid left, Uuid right) => left.CompareTo(right) >= 0;
}
