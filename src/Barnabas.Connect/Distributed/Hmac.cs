using System.Security.Cryptography;
using Barnabas.Configuration;

namespace Barnabas.Connect.Distributed;

/// <summary>Keyed hashes by Java's names.</summary>
internal static class Hmac
{
    private const int BitsPerByte = 8;
    private const string SystemSource = "/dev/urandom";

    // With the size of a key, in bytes, that Java's KeyGenerator makes where none is asked for.
    private static readonly Dictionary<string, (HashAlgorithmName Hash, int KeyBytes)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HmacSHA256"] = (HashAlgorithmName.SHA256, 32),
        ["HmacSHA384"] = (HashAlgorithmName.SHA384, 48),
        ["HmacSHA512"] = (HashAlgorithmName.SHA512, 64),
        ["HmacSHA1"] = (HashAlgorithmName.SHA1, 64),
        ["HmacMD5"] = (HashAlgorithmName.MD5, 64),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public static bool IsKnown(string algorithm) => Known.ContainsKey(algorithm);

    /// <summary>How long a key is, in bytes.</summary>
    /// <exception cref="ConfigException">The size is no whole number of bytes.</exception>
    public static int KeyBytes(string algorithm, int? bits) => bits switch
    {
        null => Known[algorithm].KeyBytes,
        > 0 and <= 8192 when bits % BitsPerByte == 0 => bits.Value / BitsPerByte,
        _ => throw new ConfigException("inter.worker.key.size", bits.Value, $"Unable to create key generator with algorithm {algorithm} and key size {bits.Value}"),
    };

    // From the system's own generator where there is one to read: .NET's is OpenSSL, several megabytes for the 32 bytes of a key that a worker alone never signs with.
    public static byte[] NewKey(string algorithm, int? bits)
    {
        var length = KeyBytes(algorithm, bits);
        if (!File.Exists(SystemSource)) return RandomNumberGenerator.GetBytes(length);
        var key = new byte[length];
        using var source = new FileStream(SystemSource, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        source.ReadExactly(key);
        return key;
    }

    public static byte[] Sign(string algorithm, byte[] key, ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHMAC(Known[algorithm].Hash, key);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }
}
