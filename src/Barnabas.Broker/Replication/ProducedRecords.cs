using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Replication;

/// <summary>What a produce request's version says about its records, before the log looks at them.</summary>
internal static class ProducedRecords
{
    private const short FirstVersionWithFormat2 = 3;
    private const short FirstVersionWithZstd = 7;
    private const sbyte CurrentMagic = 2;
    private const int SizeOffset = 8;
    private const int PrefixBytes = 12;
    private const int AttributesOffset = 21;
    private const short TransactionalFlag = 1 << 4;

    public static ErrorCode Check(ReadOnlyMemory<byte>? records, short version)
    {
        if (records is not { Length: > 0 } bytes)
            return ErrorCode.InvalidRecord;
        var magic = RecordBatches.ReadMagic(bytes.Span);
        if (magic is 0 or 1)
            return version < FirstVersionWithFormat2 ? ErrorCode.UnsupportedForMessageFormat : ErrorCode.InvalidRecord;
        if (magic != CurrentMagic || version < FirstVersionWithFormat2)
            return ErrorCode.InvalidRecord;
        return version < FirstVersionWithZstd && UsesZstd(bytes) ? ErrorCode.UnsupportedCompressionType : ErrorCode.None;
    }

    /// <summary>Whether any batch says that it belongs to a transaction; looks at headers alone, which may still turn out malformed.</summary>
    public static bool HasTransactional(ReadOnlyMemory<byte>? records)
    {
        var rest = records.GetValueOrDefault().Span;
        while (rest.Length > AttributesOffset + 1)
        {
            if ((BinaryPrimitives.ReadInt16BigEndian(rest[AttributesOffset..]) & TransactionalFlag) != 0)
                return true;
            var sizeInBytes = (long)PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(rest[SizeOffset..]);
            if (sizeInBytes <= PrefixBytes || sizeInBytes >= rest.Length)
                return false;
            rest = rest[(int)sizeInBytes..];
        }
        return false;
    }

    private static bool UsesZstd(ReadOnlyMemory<byte> bytes) => bytes.Length > 22 && (bytes.Span[22] & 7) == (int)CompressionType.Zstd;
}
