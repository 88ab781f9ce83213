using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Barnabas.Tests.Support;

namespace Barnabas.Connect.Tests.Support;

/// <summary>A mosquitto of the test's own, on its own ports and folder, with and without TLS; asked by its own tools.</summary>
internal sealed class MqttServer : IAsyncDisposable
{
    private const string User = "device";
    private const string Secret = "secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-mosquitto-").FullName;
    private readonly int _port = FreePorts.Next();
    private readonly int _tlsPort = FreePorts.Next();
    private Process? _server;

    public string Url => $"tcp://127.0.0.1:{_port}";

    public string TlsUrl => $"ssl://localhost:{_tlsPort}";

    public string CaFile => Path.Combine(_folder, "ca.pem");

    /// <summary>Starts it; skips the test where mosquitto is not installed.</summary>
    public static async Task<MqttServer> StartAsync()
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/sbin/mosquitto") && System.IO.File.Exists("/usr/bin/mosquitto_pub"), "Debian's packages mosquitto and mosquitto-clients are not installed.");
        var server = new MqttServer();
        await server.WriteConfigurationAsync();
        await server.LaunchAsync();
        return server;
    }

    public async Task LaunchAsync()
    {
        _server = Begin("/usr/sbin/mosquitto", ["-c", Path.Combine(_folder, "mosquitto.conf")]);
        await TestWorker.AwaitAsync("mosquitto takes connections", async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    /// <summary>Publishes a message with mosquitto's own tool.</summary>
    public async Task PublishAsync(string topic, string text, int qos, params string[] more)
    {
        using var process = Begin("/usr/bin/mosquitto_pub", [.. Login(), "-V", "5", "-t", topic, "-m", text, "-q", qos.ToString(CultureInfo.InvariantCulture), .. more]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Subscribes with mosquitto's own tool; the lines <c>topic payload</c> of the first messages.</summary>
    public async Task<Func<Task<string[]>>> SubscribeAsync(string filter, int count, int qos)
    {
        var process = Begin("stdbuf", ["-oL", "mosquitto_sub", .. Login(), "-t", filter, "-C", count.ToString(CultureInfo.InvariantCulture), "-q", qos.ToString(CultureInfo.InvariantCulture), "-F", "%t %p", "-d", "-W", "60"]);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("Subscribed", StringComparison.Ordinal)) lines.Add(line);
        return async () =>
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.Dispose();
            return [.. output.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Client ", StringComparison.Ordinal))];
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server && !IsGone(server)) await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsGone(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private string[] Login() => ["-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-u", User, "-P", Secret];

    private static Process Begin(string command, IReadOnlyList<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WriteConfigurationAsync()
    {
        var passwords = Path.Combine(_folder, "passwords");
        using (var tool = Begin("/usr/bin/mosquitto_passwd", ["-b", "-c", passwords, User, Secret])) await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        WriteCertificates();
        var run = Environment.UserName == "root" ? "user root\n" : "";
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "mosquitto.conf"), $"""
            {run}per_listener_settings false
            allow_anonymous false
            password_file {passwords}
            persistence true
            persistence_location {_folder}/
            autosave_on_changes true
            autosave_interval 1
            listener {_port} 127.0.0.1
            listener {_tlsPort} 127.0.0.1
            cafile {CaFile}
            certfile {_folder}/server.pem
            keyfile {_folder}/server.key

            """);
    }

    private void WriteCertificates()
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        var caRequest = new CertificateRequest("CN=test ca", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        System.IO.File.WriteAllText(CaFile, ca.ExportCertificatePem());
        System.IO.File.WriteAllText(Path.Combine(_folder, "server.pem"), certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(Path.Combine(_folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
