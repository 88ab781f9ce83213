using System.Security.Cryptography;
using Barnabas.Configuration;

namespace Barnabas.Connect.Distributed;

/// <summary>Keyed hashes by Java's names.</summary>
internal static class Hmac
{
    private const int BitsPerByte = 8;
    private const string Prefix = "Hmac";
    private const string SystemSource = "/dev/urandom";

    // With the size of a key, in bytes, that Java's KeyGenerator makes where none is asked for.
    private static readonly Dictionary<string, int> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [Prefix + "SHA256"] = 32,
        [Prefix + "SHA384"] = 48,
        [Prefix + "SHA512"] = 64,
        [Prefix + "SHA1"] = 64,
        [Prefix + "MD5"] = 64,
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public static bool IsKnown(string algorithm) => Known.ContainsKey(algorithm);

    /// <summary>How long a key is, in bytes.</summary>
    /// <exception cref="ConfigException">The size is no whole number of bytes.</exception>
    public static int KeyBytes(string algorithm, int? bits) => bits switch
    {
        null => Known[algorithm],
        > 0 and <= 8192 when bits % BitsPerByte == 0 => bits.Value / BitsPerByte,
        _ => throw new ConfigException("inter.worker.key.size", bits.Value, $"Unable to create key generator with algorithm {algorithm} and key size {bits.Value}"),
    };

    // From the system's own generator where there is one to read: .NET's is OpenSSL, several megabytes for the 32 bytes of a key that a worker alone never signs with.
    public static byte[] NewKey(string algorithm, int? bits)
    {
        var length = KeyBytes(algorithm, bits);
        if (!File.Exists(SystemSource)) return Portable(length);
        var key = new byte[length];
        using var source = new FileStream(SystemSource, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        source.ReadExactly(key);
        return key;
    }

    public static byte[] Sign(string algorithm, byte[] key, ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHMAC(new HashAlgorithmName(algorithm[Prefix.Length..].ToUpperInvariant()), key);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }

    // On its own, so that the library is loaded only where it is called.
    private static byte[] Portable(int length) => RandomNumberGenerator.GetBytes(length);
}
