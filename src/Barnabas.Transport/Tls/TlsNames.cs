using System.Net.Security;
using System.Security.Authentication;

namespace Barnabas.Transport.Tls;

/// <summary>Java's names of protocol versions and cipher suites.</summary>
internal static class TlsNames
{
    /// <exception cref="TlsException">A version is not known or not safe.</exception>
    public static SslProtocols Protocols(IReadOnlyList<string> names)
    {
        var protocols = SslProtocols.None;
        foreach (var name in names)
        {
            protocols |= name switch
            {
                "TLSv1.3" => SslProtocols.Tls13,
                "TLSv1.2" => SslProtocols.Tls12,
                _ => throw new TlsException($"ssl.enabled.protocols: {name} is not served; use TLSv1.2 or TLSv1.3"),
            };
        }
        return protocols == SslProtocols.None ? SslProtocols.Tls12 | SslProtocols.Tls13 : protocols;
    }

    /// <exception cref="TlsException">A suite is not known, or the system does not let programs choose.</exception>
    public static CipherSuitesPolicy? Ciphers(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        if (OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            throw new TlsException("ssl.cipher.suites: this system chooses the cipher suites itself");
        var suites = new List<TlsCipherSuite>();
        foreach (var name in names)
            suites.Add(Enum.TryParse<TlsCipherSuite>(name, out var suite) ? suite : throw new TlsException($"ssl.cipher.suites: {name} is not known"));
        return new CipherSuitesPolicy(suites);
    }
}
