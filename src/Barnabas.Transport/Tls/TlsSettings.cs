namespace Barnabas.Transport.Tls;

/// <summary>Whether a server wants certificates of its clients (ssl.client.auth).</summary>
public enum ClientAuth
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for; one that is shown must be trusted.</summary>
    Requested,

    /// <summary>Without a trusted one there is no connection.</summary>
    Required,
}

/// <summary>Kafka's <c>ssl.</c> keys of one listener or client. Holds passwords: it has no text form.</summary>
public sealed class TlsSettings
{
    /// <summary>Reads the keys.</summary>
    /// <param name="get">The text of a key, null where it has none; lists with commas.</param>
    /// <exception cref="TlsException">A value is not known here.</exception>
    public TlsSettings(Func<string, string?> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        KeyStore = new StoreSettings(
            get("ssl.keystore.type") ?? "JKS", get("ssl.keystore.location"), get("ssl.keystore.password"), get("ssl.key.password"),
            get("ssl.keystore.certificate.chain"), get("ssl.keystore.key"));
        TrustStore = new StoreSettings(
            get("ssl.truststore.type") ?? "JKS", get("ssl.truststore.location"), get("ssl.truststore.password"), null, get("ssl.truststore.certificates"), null);
        ClientAuth = get("ssl.client.auth") switch { "required" => ClientAuth.Required, "requested" => ClientAuth.Requested, _ => ClientAuth.None };
        EnabledProtocols = List(get("ssl.enabled.protocols"));
        CipherSuites = List(get("ssl.cipher.suites"));
        ChecksHostName = (get("ssl.endpoint.identification.algorithm") ?? "https").Length > 0;
        if (get("ssl.engine.factory.class") is { Length: > 0 } engine)
            throw new TlsException($"ssl.engine.factory.class={engine} is a Java class; TLS is the platform's here");
    }

    internal StoreSettings KeyStore { get; }

    internal StoreSettings TrustStore { get; }

    internal ClientAuth ClientAuth { get; }

    internal IReadOnlyList<string> EnabledProtocols { get; }

    internal IReadOnlyList<string> CipherSuites { get; }

    internal bool ChecksHostName { get; }

    private static string[] List(string? text) => text is null ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Where keys or certificates are: in a file, or as PEM in the configuration itself.</summary>
internal sealed class StoreSettings(string type, string? location, string? password, string? keyPassword, string? certificates, string? key)
{
    public string Type => type;

    public string? Location => location;

    public string? Password => password;

    public string? KeyPassword => keyPassword;

    public string? Certificates => certificates;

    public string? Key => key;

    public bool IsEmpty => location is null && certificates is null;
}
