using System.Buffers.Binary;
using System.Globalization;

namespace Barnabas.Transport.Server;

/// <summary>Puts into words what a peer sent in place of a length prefix (KIP-498: the first bytes of TLS read as a length of 369 MB).</summary>
internal static class ForeignProtocol
{
    public static string Describe(ReadOnlySpan<byte> bytes, bool anyFrame, int maxFrameBytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (!anyFrame && IsTls(bytes))
            return "the peer speaks TLS, but this listener is plaintext (set security.protocol of the client, or connect to a TLS listener)";
        if (!anyFrame && IsHttp(bytes))
            return "the peer speaks HTTP, but this is a Kafka listener";
        if (length < 0)
            return string.Create(CultureInfo.InvariantCulture, $"invalid frame length {length}");
        return string.Create(CultureInfo.InvariantCulture, $"frame length {length} is larger than socket.request.max.bytes={maxFrameBytes}");
    }

    private static bool IsTls(ReadOnlySpan<byte> bytes) => bytes[0] == 0x16 && bytes[1] == 0x03 && bytes[2] <= 0x04;

    private static bool IsHttp(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GET "u8) || bytes.StartsWith("POST"u8) || bytes.StartsWith("PUT "u8) || bytes.StartsWith("HEAD"u8)
        || bytes.StartsWith("OPTI"u8) || bytes.StartsWith("CONN"u8) || bytes.StartsWith("PRI "u8);
}
