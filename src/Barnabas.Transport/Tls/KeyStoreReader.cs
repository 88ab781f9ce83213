using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Barnabas.Transport.Tls;

/// <summary>Reads key and trust stores: PKCS#12 and JKS, told apart by their content, and PEM. JCEKS is refused with the command that converts it.</summary>
internal static class KeyStoreReader
{
    /// <summary>The leaf certificate with its key, and the rest of its chain; null where none is configured.</summary>
    /// <exception cref="TlsException">The store cannot be read, or has no key.</exception>
    public static (X509Certificate2 Leaf, X509Certificate2Collection Chain)? ReadKey(StoreSettings store)
    {
        if (store.IsEmpty)
            return null;
        var where = store.Location ?? "ssl.keystore.certificate.chain";
        return Reading(where, () =>
        {
            if (IsPem(store))
                return ReadPemKey(store, where);
            var bytes = Content(store);
            if (JavaKeyStore.Is(bytes))
                return JavaKeyStore.Read(bytes, store.Password).Key(store.KeyPassword ?? store.Password, Flags) ?? throw new TlsException($"{where} holds no private key");
            var all = ReadPkcs12(store, bytes);
            var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new TlsException($"{where} holds no private key");
            return ((X509Certificate2, X509Certificate2Collection)?)(leaf, [.. all.Where(certificate => certificate != leaf)]);
        });
    }

    /// <summary>The trusted certificates; null where none are configured and the system's are meant.</summary>
    /// <exception cref="TlsException">The store cannot be read, or is empty.</exception>
    public static X509Certificate2Collection? ReadTrust(StoreSettings store)
    {
        if (store.IsEmpty)
            return null;
        var where = store.Location ?? "ssl.truststore.certificates";
        var trusted = Reading(where, () =>
        {
            if (!IsPem(store))
                return Content(store) is var bytes && JavaKeyStore.Is(bytes) ? JavaKeyStore.Read(bytes, store.Password).Trusted : ReadPkcs12(store, bytes);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(store.Certificates ?? File.ReadAllText(store.Location!));
            return certificates;
        });
        return trusted.Count > 0 ? trusted : throw new TlsException($"{where} holds no certificates");
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain)? ReadPemKey(StoreSettings store, string where)
    {
        var text = store.Location is { } path ? File.ReadAllText(path) : store.Certificates + "\n" + store.Key;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        if (chain.Count == 0)
            throw new TlsException($"{where} holds no certificates");
        var isEncrypted = text.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
        if (isEncrypted && store.KeyPassword is null)
            throw new TlsException($"The private key in {where} is encrypted, but ssl.key.password is not set");
        var certificate = chain[0].ExportCertificatePem();
        using var read = isEncrypted ? X509Certificate2.CreateFromEncryptedPem(certificate, text, store.KeyPassword) : X509Certificate2.CreateFromPem(certificate, text);
        chain.RemoveAt(0);
        // A key that was read from PEM exists in memory alone; Windows wants one that its store knows.
        return (X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null, Flags), chain);
    }

    private static byte[] Content(StoreSettings store) => store.Location is { } path
        ? File.ReadAllBytes(path)
        : throw new TlsException("Certificates in the configuration itself need ssl.keystore.type=PEM and ssl.truststore.type=PEM");

    private static X509Certificate2Collection ReadPkcs12(StoreSettings store, byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith<byte>([0xCE, 0xCE, 0xCE, 0xCE]))
        {
            throw new TlsException(
                $"{store.Location} is a Java key store of the kind JCEKS, which only Java reads; convert it once with: keytool -importkeystore -srckeystore {store.Location} -destkeystore {Path.ChangeExtension(store.Location!, ".p12")} -deststoretype PKCS12");
        }
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(bytes, store.Password, Flags);
        }
        catch (CryptographicException) when (store.KeyPassword is not null && store.KeyPassword != store.Password)
        {
            return X509CertificateLoader.LoadPkcs12Collection(bytes, store.KeyPassword, Flags);
        }
    }

    private static X509KeyStorageFlags Flags => OperatingSystem.IsLinux() ? X509KeyStorageFlags.EphemeralKeySet : X509KeyStorageFlags.DefaultKeySet;

    private static bool IsPem(StoreSettings store) => store.Type.Equals("PEM", StringComparison.OrdinalIgnoreCase);

    private static T Reading<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new TlsException($"Failed to load SSL keystore {where}: {e.Message}", e);
        }
    }
}
