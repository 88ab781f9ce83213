using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Barnabas.Transport.Memory;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Transport.Tests.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("PEM", "TLSv1.3")]
    [InlineData("PEM", "TLSv1.2")]
    [InlineData("PKCS12", "TLSv1.3")]
    [InlineData("JKS", "TLSv1.3")]
    public async Task Bytes_pass_both_ways_through_either_store(string type, string protocol)
    {
        var key = Store("server", "localhost", type);
        var (server, client) = await ConnectAsync(Server(key, type, ("ssl.enabled.protocols", protocol)), Client(key, type));
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        var sending = client.SendAsync([new byte[] { 1, 2 }, large.AsMemory(0, 10), large.AsMemory(10)], default);
        var received = await ReceiveAsync(server, 2 + large.Length);
        await sending;
        Assert.Equal([1, 2, .. large], received);
        await server.SendAsync([new byte[] { 7 }], default);
        Assert.Equal([7], await ReceiveAsync(client, 1));
        await client.DisposeAsync();
        Assert.Equal(0, await server.ReceiveAsync(new byte[1], default));
    }

    [Fact]
    public async Task A_client_shows_its_certificate_where_it_has_to()
    {
        var serverKey = Store("server", "localhost", "PEM");
        var aliceKey = Store("alice", "alice", "PEM", "CN=alice,OU=users,O=\"Barnabas + friends\"");
        var settings = Server(serverKey, "PEM", ("ssl.client.auth", "required"), ("ssl.truststore.type", "PEM"), ("ssl.truststore.location", aliceKey));
        var (server, client) = await ConnectAsync(settings, Client(serverKey, "PEM", ("ssl.keystore.type", "PEM"), ("ssl.keystore.location", aliceKey)));
        await client.SendAsync([new byte[] { 1 }], default);
        await ReceiveAsync(server, 1);
        Assert.Equal(@"CN=alice,OU=users,O=Barnabas \+ friends", DistinguishedNames.SubjectOf(server.PeerCertificate!));
    }

    [Fact]
    public async Task Without_a_trusted_certificate_there_is_no_connection_where_one_is_required()
    {
        var serverKey = Store("server", "localhost", "PEM");
        var mallory = Store("mallory", "alice", "PEM");
        var settings = Server(serverKey, "PEM", ("ssl.client.auth", "required"), ("ssl.truststore.type", "PEM"), ("ssl.truststore.location", serverKey));
        foreach (var more in ((string, string)[][])[[], [("ssl.keystore.type", "PEM"), ("ssl.keystore.location", mallory)]])
            await Assert.ThrowsAsync<TransportException>(async () => await ExchangeAsync(settings, Client(serverKey, "PEM", more)));
    }

    [Fact]
    public async Task A_client_leaves_a_server_it_does_not_trust_or_that_has_another_name()
    {
        var key = Store("server", "localhost", "PEM");
        var other = Store("other", "localhost", "PEM");
        var elsewhere = Store("elsewhere", "elsewhere.example", "PEM");
        await Assert.ThrowsAsync<TransportException>(async () => await ExchangeAsync(Server(key, "PEM"), Client(other, "PEM")));
        await Assert.ThrowsAsync<TransportException>(async () => await ExchangeAsync(Server(elsewhere, "PEM"), Client(elsewhere, "PEM")));
        await ExchangeAsync(Server(elsewhere, "PEM"), Client(elsewhere, "PEM", ("ssl.endpoint.identification.algorithm", "")));
    }

    [Fact]
    public async Task A_replaced_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        var path = Store("server", "localhost", "PEM");
        var time = new ManualClock();
        var context = new TlsContext(Server(path, "PEM"), time, NullLogger.Instance);
        var first = context.ServerOptions().ServerCertificateContext!.TargetCertificate.Thumbprint;
        Store("server", "localhost", "PEM");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50));
        time.Advance(TimeSpan.FromSeconds(2));
        var second = context.ServerOptions().ServerCertificateContext!.TargetCertificate.Thumbprint;
        Assert.NotEqual(first, second);
        File.WriteAllText(path, "broken");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(51));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(second, context.ServerOptions().ServerCertificateContext!.TargetCertificate.Thumbprint);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    public async Task A_store_that_keytool_made_is_used_as_it_is(string name)
    {
        var key = Server(Jks(name), "JKS", ("ssl.keystore.password", "store-secret"), ("ssl.key.password", "key-secret"), ("ssl.truststore.type", "JKS"),
            ("ssl.truststore.location", Jks("trust")), ("ssl.truststore.password", "store-secret"), ("ssl.client.auth", "required"));
        var (server, client) = await ConnectAsync(key, key);
        await client.SendAsync([new byte[] { 1 }], default);
        Assert.Equal([1], await ReceiveAsync(server, 1));
        Assert.Equal("CN=localhost", DistinguishedNames.SubjectOf(server.PeerCertificate!));
    }

    [Fact]
    public void A_jks_store_needs_its_passwords()
    {
        var wrong = Assert.Throws<TlsException>(() => Context(Jks("rsa"), "other-secret", "key-secret"));
        Assert.Contains("Keystore was tampered with, or password was incorrect", wrong.Message);
        Assert.Contains("ssl.key.password", Assert.Throws<TlsException>(() => Context(Jks("rsa"), "store-secret", null)).Message);
        Assert.Contains("holds no private key", Assert.Throws<TlsException>(() => Context(Jks("trust"), "store-secret", null)).Message);
    }

    [Fact]
    public void A_jks_store_that_was_cut_short_is_refused()
    {
        var path = Path.Combine(_folder, "damaged.jks");
        var good = File.ReadAllBytes(Jks("rsa"));
        for (var length = 4; length < good.Length; length += 53)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.Throws<TlsException>(() => Context(path, null, "key-secret"));
        }
    }

    [Fact]
    public void A_jceks_store_is_refused_with_the_command_that_converts_it()
    {
        var path = Path.Combine(_folder, "server.jceks");
        File.WriteAllBytes(path, [0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 2]);
        var error = Assert.Throws<TlsException>(() => new TlsContext(Server(path, "JKS"), TimeProvider.System, NullLogger.Instance));
        Assert.Contains("keytool -importkeystore", error.Message);
    }

    [Theory]
    [InlineData("ssl.enabled.protocols", "SSLv3")]
    [InlineData("ssl.cipher.suites", "TLS_NONE_SUCH")]
    [InlineData("ssl.keystore.location", "/nowhere/key.pem")]
    public void Settings_that_cannot_be_served_are_refused(string key, string value)
    {
        var path = Store("server", "localhost", "PEM");
        Assert.Throws<TlsException>(() => new TlsContext(Server(path, "PEM", (key, value)), TimeProvider.System, NullLogger.Instance));
    }

    private static string Jks(string name) => Path.Combine(AppContext.BaseDirectory, "Tls", "stores", name + ".jks");

    private static TlsContext Context(string path, string? password, string? keyPassword) => new(
        new TlsSettings(key => key switch
        {
            "ssl.keystore.location" => path,
            "ssl.keystore.password" => password,
            "ssl.key.password" => keyPassword,
            _ => null,
        }),
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task ExchangeAsync(TlsSettings serverSettings, TlsSettings clientSettings)
    {
        var (server, client) = await ConnectAsync(serverSettings, clientSettings);
        await client.SendAsync([new byte[] { 1 }], default);
        await ReceiveAsync(server, 1);
        await server.SendAsync([new byte[] { 2 }], default);
        await ReceiveAsync(client, 1);
    }

    private static async Task<(ITransportConnection Server, ITransportConnection Client)> ConnectAsync(TlsSettings serverSettings, TlsSettings clientSettings)
    {
        var memory = new MemoryTransport(TimeProvider.System);
        var listening = new TlsTransport(memory, new TlsContext(serverSettings, TimeProvider.System, NullLogger.Instance), NullLogger.Instance);
        var connecting = new TlsTransport(memory, new TlsContext(clientSettings, TimeProvider.System, NullLogger.Instance), NullLogger.Instance);
        await using var listener = await listening.ListenAsync("localhost", 9093);
        var opening = connecting.ConnectAsync("localhost", 9093, default).AsTask();
        var server = await listener.AcceptAsync(default);
        var shaking = server.ReceiveAsync(Memory<byte>.Empty, default).AsTask();
        var client = await opening;
        _ = shaking.ContinueWith(done => done.Exception, TaskScheduler.Default);
        return (new Shaken(server, shaking), client);
    }

    private static async Task<byte[]> ReceiveAsync(ITransportConnection connection, int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var read = await connection.ReceiveAsync(bytes.AsMemory(got), default);
            Assert.NotEqual(0, read);
            got += read;
        }
        return bytes;
    }

    private static TlsSettings Server(string path, string type, params (string Key, string Value)[] more) => Settings([("ssl.keystore.type", type), ("ssl.keystore.location", path), ("ssl.keystore.password", "secret"), .. more]);

    private static TlsSettings Client(string path, string type, params (string Key, string Value)[] more) =>
        Settings([("ssl.truststore.type", type), ("ssl.truststore.location", path), ("ssl.truststore.password", "secret"), ("ssl.endpoint.identification.algorithm", "https"), .. more]);

    private static TlsSettings Settings((string Key, string Value)[] values)
    {
        var map = values.GroupBy(v => v.Key).ToDictionary(v => v.Key, v => v.Last().Value);
        return new TlsSettings(key => map.GetValueOrDefault(key));
    }

    private string Store(string name, string host, string type, string? subject = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject ?? $"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(_folder, name + (type == "PEM" ? ".pem" : ".p12"));
        if (type == "PEM")
            File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        else
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "secret"));
        return path;
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    /// <summary>A server's connection whose first receive is under way.</summary>
    private sealed class Shaken(ITransportConnection inner, Task<int> shaking) : ITransportConnection
    {
        public IPEndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

        public X509Certificate2? PeerCertificate => inner.PeerCertificate;

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await shaking;
            return await inner.ReceiveAsync(buffer, cancellationToken);
        }

        public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken) => inner.SendAsync(gathered, cancellationToken);

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
