using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Barnabas.Interop.Tests.Security;

/// <summary>A certificate authority with a server's and a client's certificate, as PEM files and as PKCS#12, in a folder.</summary>
internal sealed class TestCertificates
{
    public const string Password = "store-secret";

    public TestCertificates(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Barnabas Test CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        Authority = Path.Combine(folder, "ca.pem");
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        Server = Issue(folder, "server", "CN=localhost", authority);
        Client = Issue(folder, "client", "CN=carol,OU=Users,O=Barnabas", authority);
    }

    public string Authority { get; }

    /// <summary>Certificate and key of the server, without the extension: <c>.pem</c> (both), <c>.crt</c>, <c>.key</c> and <c>.p12</c>.</summary>
    public string Server { get; }

    public string Client { get; }

    private static string Issue(string folder, string name, string subject, X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        var path = Path.Combine(folder, name);
        File.WriteAllText(path + ".crt", issued.ExportCertificatePem());
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(path + ".pem", issued.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllBytes(path + ".p12", whole.Export(X509ContentType.Pkcs12, Password));
        return path;
    }
}
