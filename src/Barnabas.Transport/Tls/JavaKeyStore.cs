using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Barnabas.Transport.Tls;

/// <summary>
/// Reads Java's own key store format (JKS): entries with an alias, and a SHA-1 over password and content. Private keys are
/// PKCS#8 under a stream of SHA-1 digests of the key's password, as Java's <c>sun.security.provider.KeyProtector</c> writes them.
/// </summary>
internal sealed class JavaKeyStore
{
    private const int PrivateKeyTag = 1;
    private const int CertificateTag = 2;
    private const int DigestBytes = 20;
    private const string KeyProtector = "1.3.6.1.4.1.42.2.17.1.1";
    private static ReadOnlySpan<byte> Magic => [0xFE, 0xED, 0xFE, 0xED];

    private readonly List<(byte[] Protected, List<X509Certificate2> Chain)> _keys = [];
    private readonly List<X509Certificate2> _certificates = [];

    private JavaKeyStore()
    {
    }

    /// <summary>Whether a file is of this format.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    /// <summary>The certificates of all entries, of keys the first of their chain: what Java trusts.</summary>
    public X509Certificate2Collection Trusted => [.. _certificates, .. _keys.Select(key => key.Chain[0])];

    /// <summary>Reads a store.</summary>
    /// <param name="file">The file.</param>
    /// <param name="password">Its password; null leaves its content unchecked, as in Java.</param>
    /// <exception cref="CryptographicException">The file is damaged, or the password is another.</exception>
    public static JavaKeyStore Read(ReadOnlySpan<byte> file, string? password)
    {
        if (file.Length < 12 + DigestBytes || !Is(file)) throw Damaged();
        var content = file[..^DigestBytes];
        if (password is not null && !CryptographicOperations.FixedTimeEquals(Digest(password, "Mighty Aphrodite"u8, content), file[^DigestBytes..]))
            throw new CryptographicException("Keystore was tampered with, or password was incorrect");
        var reader = new Reader(content[4..]);
        var version = reader.Int();
        if (version is not (1 or 2)) throw new CryptographicException($"The key store has the unknown version {version}");
        var store = new JavaKeyStore();
        for (var left = reader.Int(); left > 0; left--)
        {
            var tag = reader.Int();
            reader.Skip(reader.Short());
            reader.Skip(sizeof(long));
            switch (tag)
            {
                case PrivateKeyTag:
                    var key = reader.Bytes().ToArray();
                    List<X509Certificate2> chain = [];
                    for (var certificates = reader.Int(); certificates > 0; certificates--) chain.Add(reader.Certificate(version));
                    if (chain.Count > 0) store._keys.Add((key, chain));
                    break;
                case CertificateTag:
                    store._certificates.Add(reader.Certificate(version));
                    break;
                default:
                    throw Damaged();
            }
        }
        return reader.IsAtEnd ? store : throw Damaged();
    }

    /// <summary>The first private key with its certificate, and the rest of its chain; null where the store has none.</summary>
    /// <param name="password">The key's password.</param>
    /// <param name="flags">How the key is kept.</param>
    /// <exception cref="CryptographicException">The password is another, or the key is none that TLS uses.</exception>
    public (X509Certificate2 Leaf, X509Certificate2Collection Chain)? Key(string? password, X509KeyStorageFlags flags)
    {
        if (_keys.Count == 0) return null;
        if (password is null) throw new CryptographicException("The key store has no password, which its key needs: set ssl.keystore.password");
        var (sealedKey, chain) = _keys[0];
        var plain = Unseal(sealedKey, password);
        try
        {
            using var whole = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), PemEncoding.Write("PRIVATE KEY", plain));
            return (X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, flags), [.. chain.Skip(1)]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Salt, key XOR (SHA-1(password, salt), SHA-1(password, that), ...), and SHA-1(password, key) to know the right password by.</summary>
    private static byte[] Unseal(byte[] encoded, string password)
    {
        byte[] sealedKey;
        try
        {
            var sequence = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            if (sequence.ReadSequence().ReadObjectIdentifier() != KeyProtector) throw new CryptographicException("The key is protected in a way that JKS does not know");
            sealedKey = sequence.ReadOctetString();
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException($"The key store is damaged: {e.Message}", e);
        }
        if (sealedKey.Length <= 2 * DigestBytes) throw Damaged();
        var plain = sealedKey[DigestBytes..^DigestBytes];
        ReadOnlySpan<byte> digest = sealedKey.AsSpan(0, DigestBytes);
        for (var i = 0; i < plain.Length; i++)
        {
            if (i % DigestBytes == 0) digest = Digest(password, digest, default);
            plain[i] ^= digest[i % DigestBytes];
        }
        return CryptographicOperations.FixedTimeEquals(Digest(password, plain, default), sealedKey.AsSpan(sealedKey.Length - DigestBytes))
            ? plain
            : throw new CryptographicException("Cannot recover key: the password of the key is another (ssl.key.password)");
    }

    private static byte[] Digest(string password, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha.AppendData(Encoding.BigEndianUnicode.GetBytes(password));
        sha.AppendData(first);
        sha.AppendData(second);
        return sha.GetHashAndReset();
    }

    private static CryptographicException Damaged() => new("Invalid keystore format");

    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

        public int Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

        public void Skip(int count) => Take(count);

        public ReadOnlySpan<byte> Bytes() => Take(Int());

        public X509Certificate2 Certificate(int version)
        {
            if (version == 2 && !Take(Short()).SequenceEqual("X.509"u8)) throw new CryptographicException("The key store holds a certificate that is not X.509");
            return X509CertificateLoader.LoadCertificate(Bytes());
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if ((uint)count > (uint)_left.Length) throw Damaged();
            var taken = _left[..count];
            _left = _left[count..];
            return taken;
        }
    }
}
