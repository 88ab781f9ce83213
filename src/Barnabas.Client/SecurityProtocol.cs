namespace Barnabas.Client;

/// <summary><c>security.protocol</c>.</summary>
public enum SecurityProtocol
{
    /// <summary>Neither encrypted nor authenticated.</summary>
    Plaintext,

    /// <summary>TLS.</summary>
    Ssl,

    /// <summary>SASL over an unencrypted connection.</summary>
    SaslPlaintext,

    /// <summary>SASL over TLS.</summary>
    SaslSsl,
}

/// <summary><c>metadata.recovery.strategy</c> (KIP-899).</summary>
public enum MetadataRecoveryStrategy
{
    /// <summary>Keep trying the nodes known last.</summary>
    None,

    /// <summary>Start again from the bootstrap servers.</summary>
    Rebootstrap,
}

internal static class SecurityProtocols
{
    public static SecurityProtocol Parse(string name) => Enum.Parse<SecurityProtocol>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
