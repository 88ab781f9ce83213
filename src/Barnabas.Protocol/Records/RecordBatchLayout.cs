namespace Barnabas.Protocol.Records;

/// <summary>Where the fields of a record batch v2 stand, in bytes from its start.</summary>
public static class RecordBatchLayout
{
    /// <summary>The only magic that Kafka 4 takes.</summary>
    public const sbyte CurrentMagic = 2;

    /// <summary>Base offset and length: what stands before the bytes that the length counts.</summary>
    public const int LogOverheadBytes = 12;

    /// <summary>The bytes needed to know a batch's size and magic.</summary>
    public const int UpToMagicBytes = MagicOffset + 1;

    /// <summary>The whole header of a batch; its records follow.</summary>
    public const int HeaderBytes = 61;

    /// <summary>No producer id: not idempotent.</summary>
    public const long NoProducerId = -1;

    /// <summary>No producer epoch.</summary>
    public const short NoProducerEpoch = -1;

    /// <summary>No sequence number.</summary>
    public const int NoSequence = -1;

    /// <summary>No timestamp.</summary>
    public const long NoTimestamp = -1;

    /// <summary>No leader epoch.</summary>
    public const int NoPartitionLeaderEpoch = -1;

    internal const int BaseOffsetOffset = 0;
    internal const int LengthOffset = 8;
    internal const int PartitionLeaderEpochOffset = 12;
    internal const int MagicOffset = 16;
    internal const int CrcOffset = 17;
    internal const int AttributesOffset = 21;
    internal const int LastOffsetDeltaOffset = 23;
    internal const int BaseTimestampOffset = 27;
    internal const int MaxTimestampOffset = 35;
    internal const int ProducerIdOffset = 43;
    internal const int ProducerEpochOffset = 51;
    internal const int BaseSequenceOffset = 53;
    internal const int RecordCountOffset = 57;

    internal const int CompressionMask = 0x07;
    internal const int LogAppendTimeFlag = 0x08;
    internal const int TransactionalFlag = 0x10;
    internal const int ControlFlag = 0x20;
    internal const int DeleteHorizonFlag = 0x40;

    // The smallest message of any magic: v0's header.
    internal const int SmallestLegacyRecordBytes = 14;

    /// <summary>The sequence number <paramref name="increment"/> after one; after the largest comes 0.</summary>
    public static int IncrementSequence(int sequence, int increment) =>
        sequence > int.MaxValue - increment ? increment - (int.MaxValue - sequence) - 1 : sequence + increment;

    /// <summary>The sequence number <paramref name="decrement"/> before one; before 0 comes the largest.</summary>
    public static int DecrementSequence(int sequence, int decrement) =>
        sequence < decrement ? int.MaxValue - (decrement - sequence) + 1 : sequence - decrement;
}
