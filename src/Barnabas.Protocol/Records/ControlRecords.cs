using System.Buffers.Binary;

namespace Barnabas.Protocol.Records;

/// <summary>Control records: the key that tells their type, and batches that hold one or more of them.</summary>
public static partial class ControlRecords
{
    /// <summary>The size of a control record's key: its version and its type, two bytes each.</summary>
    public const int KeyBytes = 4;

    private const short KeyVersion = 0;

    /// <summary>The type a control record's key tells; <see cref="ControlRecordType.Unknown"/> for types of later versions.</summary>
    /// <exception cref="InvalidRecordException">The key is too short or its version negative.</exception>
    public static ControlRecordType ReadType(ReadOnlySpan<byte> key)
    {
        var type = ReadTypeId(key);
        return type is >= (short)ControlRecordType.Abort and <= (short)ControlRecordType.KRaftVoters
            ? (ControlRecordType)type
            : ControlRecordType.Unknown;
    }

    /// <summary>The number of the type, also where it is unknown here.</summary>
    /// <exception cref="InvalidRecordException">The key is too short or its version negative.</exception>
    public static short ReadTypeId(ReadOnlySpan<byte> key)
    {
        if (key.Length < KeyBytes)
        {
            throw new InvalidRecordException(
                $"Invalid value size found for end control record key. Must have at least {KeyBytes} bytes, but found only {key.Length}");
        }
        var version = BinaryPrimitives.ReadInt16BigEndian(key);
        if (version < 0)
            throw new InvalidRecordException($"Invalid version found for control record: {version}. May indicate data corruption");
        return BinaryPrimitives.ReadInt16BigEndian(key[2..]);
    }

    /// <summary>The key of a control record.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
    public static byte[] Key(ControlRecordType type)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((short)type, nameof(type));
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt16BigEndian(key, KeyVersion);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)type);
        return key;
    }

    /// <summary>A batch of one control record.</summary>
    /// <param name="type">What the record says.</param>
    /// <param name="value">The message that belongs to the type, at its version.</param>
    /// <param name="baseOffset">The record's offset.</param>
    /// <param name="timestamp">In milliseconds since 1970.</param>
    /// <param name="partitionLeaderEpoch">The leader's epoch, or -1.</param>
    public static byte[] BuildBatch(
        ControlRecordType type, ReadOnlyMemory<byte> value, long baseOffset, long timestamp, int partitionLeaderEpoch) =>
        Build(type, value, timestamp, new RecordBatchOptions
        {
            BaseOffset = baseOffset,
            PartitionLeaderEpoch = partitionLeaderEpoch,
            IsControl = true,
        });

    internal static byte[] Build(ControlRecordType type, ReadOnlyMemory<byte> value, long timestamp, RecordBatchOptions options)
    {
        using var builder = new RecordBatchBuilder(options, 128);
        builder.Append(timestamp, Key(type), value);
        return builder.Build().ToArray();
    }
}
