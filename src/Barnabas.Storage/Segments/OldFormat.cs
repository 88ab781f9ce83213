using System.Buffers.Binary;

namespace Barnabas.Storage.Segments;

/// <summary>
/// Tells a message of format 0 or 1 from a torn write full of zeros, so that the segments of a very old Kafka are
/// refused with a clear error rather than cut away.
/// </summary>
internal static class OldFormat
{
    public const int SmallestMessage = 26;

    private const int CrcPosition = 12;
    private const int MagicPosition = 16;
    private const uint Polynomial = 0xEDB88320;

    /// <summary>Whether the checksum (CRC-32 of zlib, from the magic on) holds.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var value in message[MagicPosition..])
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (Polynomial & (0 - (crc & 1)));
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(message[CrcPosition..]);
    }
}
