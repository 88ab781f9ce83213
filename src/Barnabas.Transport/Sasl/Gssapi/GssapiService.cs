using System.Runtime.InteropServices;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>The keys of a Kerberos service, and the server's side of exchanges by them. Safe from any thread.</summary>
public sealed class GssapiService
{
    private readonly GssCredentials _credentials;

    /// <summary>Finds the keys.</summary>
    /// <param name="principal">The service's principal, as <c>kafka/broker.example@REALM</c>.</param>
    /// <param name="keyTab">The key table's file, or null for the system's own.</param>
    /// <exception cref="SaslException">There is no such key, or no Kerberos on this machine.</exception>
    public GssapiService(string principal, string? keyTab) => _credentials = GssCredentials.ForService(principal, keyTab);

    /// <summary>The realm of krb5.conf; empty where it names none.</summary>
    /// <exception cref="SaslException">There is no Kerberos on this machine.</exception>
    public static string DefaultRealm
    {
        get
        {
            GssLibrary.Require();
            if (GssNative.InitContext(out var context) != 0)
                throw new SaslException("krb5.conf cannot be read");
            try
            {
                if (GssNative.GetDefaultRealm(context, out var realm) != 0)
                    return "";
                var text = Marshal.PtrToStringUTF8(realm) ?? "";
                GssNative.FreeDefaultRealm(context, realm);
                return text;
            }
            finally
            {
                GssNative.FreeContext(context);
            }
        }
    }

    /// <summary>The server's side of an exchange.</summary>
    public ISaslServer NewExchange() => new GssapiServer(_credentials);
}
