using System.Buffers.Binary;

namespace Barnabas.Storage.Segments;

/// <summary>The fixed head of a record batch (magic 2), read in place from a span that holds at least its 61 bytes.</summary>
internal readonly ref struct BatchHeader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Base offset and length: what stands before the part the length counts.</summary>
    public const int Overhead = 12;

    /// <summary>The whole head of a version 2 batch.</summary>
    public const int Size = 61;

    /// <summary>Where the CRC's reach begins.</summary>
    public const int AttributesPosition = 21;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    public int SizeInBytes => BinaryPrimitives.ReadInt32BigEndian(_bytes[8..]) + Overhead;

    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[12..]);

    public byte Magic => _bytes[16];

    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[17..]);

    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(_bytes[21..]);

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[23..]);

    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[27..]);

    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[35..]);

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[43..]);

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[51..]);

    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[53..]);

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[57..]);

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long NextOffset => LastOffset + 1;

    public int CompressionId => Attributes & 0x07;

    public bool IsLogAppendTime => (Attributes & 0x08) != 0;

    public bool IsTransactional => (Attributes & 0x10) != 0;

    public bool IsControl => (Attributes & 0x20) != 0;

    public bool HasProducerId => ProducerId >= 0;

    /// <summary>Sequences wrap around from the largest int to 0.</summary>
    public int LastSequence =>
        BaseSequence < 0 ? BaseSequence
        : BaseSequence > int.MaxValue - LastOffsetDelta ? LastOffsetDelta - (int.MaxValue - BaseSequence) - 1
        : BaseSequence + LastOffsetDelta;
}
