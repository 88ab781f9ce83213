namespace Barnabas.Transport.Sasl;

/// <summary>Names of the mechanisms.</summary>
public static class SaslMechanisms
{
    /// <summary>User name and password in the clear (RFC 4616).</summary>
    public const string Plain = "PLAIN";

    /// <summary>Salted challenge and response over SHA-256 (RFC 7677).</summary>
    public const string ScramSha256 = "SCRAM-SHA-256";

    /// <summary>The same over SHA-512.</summary>
    public const string ScramSha512 = "SCRAM-SHA-512";

    /// <summary>Bearer tokens of an OAuth provider (RFC 7628).</summary>
    public const string OAuthBearer = "OAUTHBEARER";

    /// <summary>Kerberos.</summary>
    public const string Gssapi = "GSSAPI";
}
