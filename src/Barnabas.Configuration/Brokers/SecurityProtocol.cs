namespace Barnabas.Configuration.Brokers;

/// <summary>What a listener speaks beneath Kafka's protocol; the numbers are those of broker registrations.</summary>
public enum SecurityProtocol
{
    /// <summary>Neither encryption nor authentication: <c>PLAINTEXT</c>.</summary>
    Plaintext = 0,

    /// <summary>TLS: <c>SSL</c>.</summary>
    Ssl = 1,

    /// <summary>Authentication without encryption: <c>SASL_PLAINTEXT</c>.</summary>
    SaslPlaintext = 2,

    /// <summary>Authentication inside TLS: <c>SASL_SSL</c>.</summary>
    SaslSsl = 3,
}

/// <summary>Names of security protocols.</summary>
public static class SecurityProtocols
{
    /// <summary>Finds a protocol by Kafka's name, in any case.</summary>
    public static bool TryParse(string name, out SecurityProtocol protocol)
    {
        switch (name.ToUpperInvariant())
        {
            case "PLAINTEXT": protocol = SecurityProtocol.Plaintext; return true;
            case "SSL": protocol = SecurityProtocol.Ssl; return true;
            case "SASL_PLAINTEXT": protocol = SecurityProtocol.SaslPlaintext; return true;
            case "SASL_SSL": protocol = SecurityProtocol.SaslSsl; return true;
            default: protocol = default; return false;
        }
    }

    /// <summary>Kafka's name of a protocol.</summary>
    public static string NameOf(SecurityProtocol protocol) => protocol switch
    {
        SecurityProtocol.Plaintext => "PLAINTEXT",
        SecurityProtocol.Ssl => "SSL",
        SecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        _ => "SASL_SSL",
    };
}
