using System.Security.Cryptography;
using System.Text;

namespace Barnabas.Transport.Sasl.Scram;

/// <summary>The functions of SCRAM (RFC 5802) over one hash.</summary>
public sealed class ScramMechanism
{
    /// <summary>The fewest iterations accepted.</summary>
    public const int MinIterations = 4096;

    /// <summary>The most iterations accepted: of a server by a client as well, whom a greater number would keep busy.</summary>
    public const int MaxIterations = 16384;

    private readonly HashAlgorithmName _hash;

    private ScramMechanism(string name, sbyte type, HashAlgorithmName hash, int bytes)
    {
        Name = name;
        Type = type;
        _hash = hash;
        HashBytes = bytes;
    }

    /// <summary>SCRAM-SHA-256.</summary>
    public static ScramMechanism Sha256 { get; } = new(SaslMechanisms.ScramSha256, 1, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary>SCRAM-SHA-512.</summary>
    public static ScramMechanism Sha512 { get; } = new(SaslMechanisms.ScramSha512, 2, HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    /// <summary>Both.</summary>
    public static IReadOnlyList<ScramMechanism> All { get; } = [Sha256, Sha512];

    /// <summary>The name in SASL.</summary>
    public string Name { get; }

    /// <summary>Kafka's code on the wire and in metadata records.</summary>
    public sbyte Type { get; }

    /// <summary>The size of keys and proofs.</summary>
    public int HashBytes { get; }

    /// <summary>The mechanism of a name, or null.</summary>
    public static ScramMechanism? Find(string name) => All.FirstOrDefault(mechanism => mechanism.Name == name);

    /// <summary>The mechanism of a code, or null.</summary>
    public static ScramMechanism? Find(sbyte type) => All.FirstOrDefault(mechanism => mechanism.Type == type);

    /// <summary>The salted password.</summary>
    public byte[] SaltedPassword(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, _hash, HashBytes);

    /// <summary>The key that a client proves to have.</summary>
    public byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, "Client Key"u8);

    /// <summary>The key that a server proves to have.</summary>
    public byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, "Server Key"u8);

    /// <summary>What a server keeps of the client's key.</summary>
    public byte[] StoredKey(ReadOnlySpan<byte> clientKey) => CryptographicOperations.HashData(_hash, clientKey);

    /// <summary>A keyed hash.</summary>
    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text) => CryptographicOperations.HmacData(_hash, key, text);
}
