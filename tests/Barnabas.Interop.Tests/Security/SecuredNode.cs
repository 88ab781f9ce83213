using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>A node of this checkout with a listener of each protocol, an authorizer, and a topic <c>allowed</c> that alice and carol may use beside one, <c>denied</c>, that they may not.</summary>
internal sealed class SecuredNode : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly ServerProcess _server;

    private SecuredNode(DataFolder folder, ServerProcess server, TestCertificates certificates, int sslPort, int saslPlaintextPort, int saslSslPort)
    {
        _folder = folder;
        _server = server;
        Certificates = certificates;
        Ssl = $"localhost:{sslPort}";
        SaslPlaintext = $"localhost:{saslPlaintextPort}";
        SaslSsl = $"localhost:{saslSslPort}";
    }

    public TestCertificates Certificates { get; }

    public string Ssl { get; }

    public string SaslPlaintext { get; }

    public string SaslSsl { get; }

    public string Log => File.ReadAllText(_folder.Log);

    public static async Task<SecuredNode> StartAsync()
    {
        int[] ports = [FreePorts.Next(), FreePorts.Next(), FreePorts.Next()];
        var folder = new DataFolder();
        var certificates = new TestCertificates(folder.Path);
        var listeners = $"PLAINTEXT://localhost:{folder.Port},CONTROLLER://localhost:{folder.Port + 1},SSL://localhost:{ports[0]},SASL_PLAINTEXT://localhost:{ports[1]},SASL_SSL://localhost:{ports[2]}";
        File.AppendAllLines(folder.Properties, [
            $"listeners={listeners}",
            $"advertised.listeners={listeners}",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
            "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS;User:admin",
            "ssl.keystore.type=PKCS12", $"ssl.keystore.location={certificates.Server}.p12", $"ssl.keystore.password={TestCertificates.Password}",
            "ssl.truststore.type=PEM", $"ssl.truststore.location={certificates.Authority}",
            "listener.name.ssl.ssl.client.auth=required",
            "ssl.principal.mapping.rules=RULE:^CN=(.*?),OU=Users.*$/$1/L,DEFAULT",
            Login("sasl_plaintext"), Login("sasl_ssl")]);
        var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        var node = new SecuredNode(folder, server, certificates, ports[0], ports[1], ports[2]);
        try
        {
            await node.PrepareAsync(server.Bootstrap);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A properties file for Java's and for our own tools.</summary>
    public string Properties(string protocol, string? mechanism)
    {
        var path = Path.Combine(_folder.Path, $"client-{protocol}-{mechanism}.properties");
        List<string> lines = [$"security.protocol={protocol}"];
        if (protocol.EndsWith("SSL", StringComparison.Ordinal))
            lines.AddRange(["ssl.truststore.type=PEM", $"ssl.truststore.location={Certificates.Authority}"]);
        if (protocol == "SSL")
            lines.AddRange(["ssl.keystore.type=PKCS12", $"ssl.keystore.location={Certificates.Client}.p12", $"ssl.keystore.password={TestCertificates.Password}", $"ssl.key.password={TestCertificates.Password}"]);
        if (mechanism is not null)
        {
            var module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
            lines.AddRange([$"sasl.mechanism={mechanism}", $"sasl.jaas.config=org.apache.kafka.common.security.{module} required username=\"alice\" password=\"alice-secret\";"]);
        }
        File.WriteAllLines(path, lines);
        return path;
    }

    public string Address(string protocol) => protocol switch { "SSL" => Ssl, "SASL_PLAINTEXT" => SaslPlaintext, _ => SaslSsl };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PrepareAsync(string bootstrap)
    {
        foreach (var topic in (string[])["allowed", "denied"])
            (await Distribution.Barnabas.RunAsync("kafka-topics", "--bootstrap-server", bootstrap, "--create", "--topic", topic, "--partitions", "1")).EnsureSuccess();
        foreach (var mechanism in (string[])["SCRAM-SHA-256", "SCRAM-SHA-512"])
        {
            (await Distribution.Barnabas.RunAsync("kafka-configs", "--bootstrap-server", bootstrap, "--alter", "--entity-type", "users", "--entity-name", "alice",
                "--add-config", $"{mechanism}=[iterations=4096,password=alice-secret]")).EnsureSuccess();
        }
        string[] users = ["--allow-principal", "User:alice", "--allow-principal", "User:carol"];
        (await Distribution.Barnabas.RunAsync("kafka-acls", ["--bootstrap-server", bootstrap, "--add", .. users, "--producer", "--consumer", "--topic", "allowed", "--group", "*"])).EnsureSuccess();
    }

    private static string Login(string listener) =>
        $"listener.name.{listener}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_admin=\"admin-secret\" user_alice=\"alice-secret\";";
}
