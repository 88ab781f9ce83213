using Barnabas.Configuration;

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

    /// <summary>Refuses what the environment cannot give, so that nobody who asked for TLS or SASL talks in the clear.</summary>
    /// <exception cref="ConfigException">A part is missing.</exception>
    public static void EnsureAvailable(SecurityProtocol protocol, ClientEnvironment environment)
    {
        if (protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl && environment.Security is null)
            throw new ConfigException("security.protocol", NameOf(protocol), "it needs TLS, which this client has not been given (ClientEnvironment.Security); it does not connect without");
        if (protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl && environment.Authenticator is null)
            throw new ConfigException("security.protocol", NameOf(protocol), "it needs SASL, which this client has not been given (ClientEnvironment.Authenticator); it does not connect without");
    }

    private static string NameOf(SecurityProtocol protocol) => protocol switch
    {
        SecurityProtocol.Plaintext => "PLAINTEXT",
        SecurityProtocol.Ssl => "SSL",
        SecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        SecurityProtocol.SaslSsl => "SASL_SSL",
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "no such protocol"),
    };
}
