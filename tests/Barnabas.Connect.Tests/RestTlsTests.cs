using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Barnabas.Configuration;
using Barnabas.Connect.Tests.Support;
using Barnabas.Interop.Tests.Security;
using Barnabas.Testing;

namespace Barnabas.Connect.Tests;

/// <summary>The REST API on https: certificates of both sides, and requests that workers send on to each other.</summary>
public sealed class RestTlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-rest-tls-").FullName;
    private TestCertificates _certificates = null!;
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _certificates = new TestCertificates(_folder);
        _broker = await TestBroker.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("listeners.https.")]
    [InlineData("")]
    public async Task Workers_answer_on_https_and_send_requests_on_to_each_other(string prefix)
    {
        await using var first = await JoinAsync(withCertificate: true, Tls(prefix, "required"));
        await using var second = await JoinAsync(withCertificate: true, Tls(prefix, "required"));
        foreach (var (worker, name) in (IEnumerable<(TestWorker, string)>)[(first, "a"), (second, "b")])
        {
            await worker.CreateAsync(name, ("connector.class", "FileStreamSource"), ("file", Path.Combine(_folder, "none")), ("topic", "t"));
            await worker.AwaitStateAsync(name, "RUNNING");
        }

        Assert.Equal("""["a","b"]""", (await second.GetAsync("/connectors")).Body!.ToJsonString());
        var owners = new HashSet<string?>();
        foreach (var name in (string[])["a", "b"]) owners.Add((string?)(await first.GetAsync($"/connectors/{name}/status")).Body!["connector"]!["worker_id"]);
        Assert.Subset(new HashSet<string?> { first.WorkerId, second.WorkerId }, owners);
    }

    [Theory]
    [InlineData("required", false)]
    [InlineData("requested", true)]
    [InlineData("none", true)]
    public async Task A_client_without_a_certificate_is_heard_unless_one_is_required(string clientAuth, bool isHeard)
    {
        await using var worker = await JoinAsync(withCertificate: false, Tls("listeners.https.", clientAuth));
        if (isHeard) Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync("/connectors")).Status);
        else await Assert.ThrowsAsync<HttpRequestException>(() => worker.GetAsync("/connectors"));
    }

    [Fact]
    public async Task An_https_listener_without_a_certificate_is_refused_at_the_start()
    {
        var error = await Assert.ThrowsAsync<ConfigException>(() => JoinAsync(withCertificate: false, new Dictionary<string, string> { ["listeners"] = "https://127.0.0.1:0" }));
        Assert.Contains("listeners.https.ssl.keystore.location", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<ConfigException>(() => JoinAsync(withCertificate: false, new Dictionary<string, string> { ["listeners"] = "ftp://127.0.0.1:0" }));
        Assert.Contains("Malformed listener", error.Message, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Tls(string prefix, string clientAuth) => new()
    {
        ["listeners"] = "https://127.0.0.1:0",
        [prefix + "ssl.keystore.type"] = "PKCS12",
        [prefix + "ssl.keystore.location"] = _certificates.Server + ".p12",
        [prefix + "ssl.keystore.password"] = TestCertificates.Password,
        [prefix + "ssl.truststore.type"] = "PEM",
        [prefix + "ssl.truststore.location"] = _certificates.Authority,
        [prefix + "ssl.client.auth"] = clientAuth,
    };

    private Task<TestWorker> JoinAsync(bool withCertificate, Dictionary<string, string> properties) => TestWorker.JoinAsync(_broker, _folder, properties, () =>
    {
        var trusted = X509CertificateLoader.LoadCertificateFromFile(_certificates.Server + ".crt");
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetRawCertData().AsSpan().SequenceEqual(trusted.RawData) },
        };
        if (withCertificate) handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12FromFile(_certificates.Client + ".p12", TestCertificates.Password)];
        return handler;
    });
}
