using System.Buffers.Binary;
using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Stores;

/// <summary>
/// A <c>HashMap&lt;byte[], byte[]&gt;</c> in Java's object serialization: the one shape that a standalone worker's offset
/// file has. Anything else in the file is refused.
/// </summary>
internal static class JavaByteMap
{
    // Stream magic and version; a new object of class java.util.HashMap with its two fields; load factor 0.75.
    private static ReadOnlySpan<byte> Head =>
    [
        0xAC, 0xED, 0x00, 0x05, 0x73, 0x72, 0x00, 0x11, (byte)'j', (byte)'a', (byte)'v', (byte)'a', (byte)'.', (byte)'u', (byte)'t', (byte)'i', (byte)'l', (byte)'.',
        (byte)'H', (byte)'a', (byte)'s', (byte)'h', (byte)'M', (byte)'a', (byte)'p', 0x05, 0x07, 0xDA, 0xC1, 0xC3, 0x16, 0x60, 0xD1, 0x03, 0x00, 0x02,
        (byte)'F', 0x00, 0x0A, (byte)'l', (byte)'o', (byte)'a', (byte)'d', (byte)'F', (byte)'a', (byte)'c', (byte)'t', (byte)'o', (byte)'r',
        (byte)'I', 0x00, 0x09, (byte)'t', (byte)'h', (byte)'r', (byte)'e', (byte)'s', (byte)'h', (byte)'o', (byte)'l', (byte)'d', 0x78, 0x70, 0x3F, 0x40, 0x00, 0x00,
    ];

    // A new array of class [B, described for the first time.
    private static ReadOnlySpan<byte> FirstArray => [0x75, 0x72, 0x00, 0x02, (byte)'[', (byte)'B', 0xAC, 0xF3, 0x17, 0xF8, 0x06, 0x08, 0x54, 0xE0, 0x02, 0x00, 0x00, 0x78, 0x70];

    private const byte Array = 0x75;
    private const byte Reference = 0x71;
    private const byte Null = 0x70;
    private const byte BlockData = 0x77;
    private const byte End = 0x78;
    private const int FirstHandle = 0x7E0000;

    // HashMap's class and the map itself come before it.
    private const int ArrayClassHandle = FirstHandle + 2;

    public static byte[] Write(IReadOnlyList<(byte[] Key, byte[]? Value)> entries)
    {
        using var stream = new MemoryStream();
        stream.Write(Head);
        var buckets = 16;
        while (buckets * 3 / 4 < entries.Count) buckets *= 2;
        WriteInt(stream, buckets * 3 / 4);
        stream.WriteByte(BlockData);
        stream.WriteByte(8);
        WriteInt(stream, buckets);
        WriteInt(stream, entries.Count);
        var isFirst = true;
        foreach (var (key, value) in entries)
        {
            WriteArray(stream, key, ref isFirst);
            if (value is null) stream.WriteByte(Null);
            else WriteArray(stream, value, ref isFirst);
        }

        stream.WriteByte(End);
        return stream.ToArray();
    }

    /// <exception cref="ConnectException">It is no such map.</exception>
    public static List<(byte[] Key, byte[]? Value)> Read(ReadOnlySpan<byte> bytes, string path)
    {
        var at = Head.Length + 4;
        if (bytes.Length < at + 10 || !bytes.StartsWith(Head) || bytes[at] != BlockData) throw NotOurs(path, 0);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 6)..]);
        at += 10;
        var entries = new List<(byte[], byte[]?)>();
        for (var i = 0; i < count; i++)
        {
            var key = ReadArray(bytes, ref at, path) ?? throw NotOurs(path, at);
            entries.Add((key, ReadArray(bytes, ref at, path)));
        }

        return entries;
    }

    private static void WriteArray(MemoryStream stream, byte[] bytes, ref bool isFirst)
    {
        if (isFirst)
        {
            stream.Write(FirstArray);
            isFirst = false;
        }
        else
        {
            stream.WriteByte(Array);
            stream.WriteByte(Reference);
            WriteInt(stream, ArrayClassHandle);
        }

        WriteInt(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static byte[]? ReadArray(ReadOnlySpan<byte> bytes, ref int at, string path)
    {
        if (at >= bytes.Length) throw NotOurs(path, at);
        if (bytes[at] == Null)
        {
            at++;
            return null;
        }

        if (bytes[at..].StartsWith(FirstArray)) at += FirstArray.Length;
        else if (bytes.Length >= at + 6 && bytes[at] == Array && bytes[at + 1] == Reference && BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 2)..]) == ArrayClassHandle) at += 6;
        else throw NotOurs(path, at);
        if (bytes.Length < at + 4) throw NotOurs(path, at);
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
        at += 4;
        if (length < 0 || length > bytes.Length - at) throw NotOurs(path, at);
        var array = bytes.Slice(at, length).ToArray();
        at += length;
        return array;
    }

    private static void WriteInt(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        stream.Write(bytes);
    }

    private static ConnectException NotOurs(string path, int at) =>
        new($"{path} is not an offset file of a standalone worker (at byte {at}). Name another file in offset.storage.file.filename, or remove it to begin anew.");
}
