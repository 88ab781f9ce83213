using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>Clients over GSSAPI, ours and those nobody here wrote, with Debian's key distribution center: names go through the rules, and rights by the names.</summary>
public sealed class KerberosTests
{
    private const string Module = "com.sun.security.auth.module.Krb5LoginModule";

    [Fact]
    public async Task Kcat_logs_in_by_its_key_table()
    {
        await using var node = await KerberosNode.StartAsync();
        string[] options = ["-b", node.Address, "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=GSSAPI", "-X", "sasl.kerberos.service.name=kafka",
            "-X", $"sasl.kerberos.keytab={node.Kdc.KeyTab("alice")}", "-X", $"sasl.kerberos.principal=alice@{Kdc.Realm}"];
        (await Command.RunAsync("/usr/bin/kcat", [.. options, "-P", "-t", "allowed"], "by kcat\n", node.Kdc.Environment)).EnsureSuccess();
        var read = (await Command.RunAsync("/usr/bin/kcat", [.. options, "-C", "-t", "allowed", "-o", "beginning", "-e", "-q"], null, node.Kdc.Environment)).EnsureSuccess();
        Assert.Equal(["by kcat"], read.Lines);
        var denied = await Command.RunAsync("/usr/bin/kcat", [.. options, "-P", "-t", "denied"], "x\n", node.Kdc.Environment);
        Assert.Contains("authoriz", denied.Output + denied.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("apache", false)]
    [InlineData("apache", true)]
    [InlineData("barnabas", false)]
    [InlineData("barnabas", true)]
    public async Task The_console_tools_log_in_by_key_table_and_by_ticket_cache(string tools, bool byCache)
    {
        var distribution = tools == "apache" ? Distribution.ApacheKafka() : Distribution.Barnabas;
        await using var node = await KerberosNode.StartAsync();
        if (byCache)
            await node.Kdc.LoginAsync("alice");
        var properties = node.ClientProperties(byCache ? "useTicketCache=true" : $"useKeyTab=true storeKey=true keyTab=\"{node.Kdc.KeyTab("alice")}\" principal=\"alice@{Kdc.Realm}\"");
        string[] common = ["--bootstrap-server", node.Address, "--command-config", properties];
        (await Command.RunAsync(distribution.Tool("kafka-console-producer"), [.. common, "--topic", "allowed"], "by tool\n", node.ClientEnvironment)).EnsureSuccess();
        var read = await Command.RunAsync(distribution.Tool("kafka-console-consumer"), [.. common, "--topic", "allowed", "--from-beginning", "--max-messages", "1", "--timeout-ms", "20000"], null, node.ClientEnvironment);
        Assert.Equal(["by tool"], read.EnsureSuccess().Lines);
        var denied = await Command.RunAsync(distribution.Tool("kafka-console-producer"), [.. common, "--topic", "denied"], "x\n", node.ClientEnvironment);
        Assert.Contains("authoriz", denied.Output + denied.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_client_that_no_rule_names_or_without_a_ticket_is_refused()
    {
        await using var node = await KerberosNode.StartAsync();
        var unnamed = node.ClientProperties($"useKeyTab=true keyTab=\"{node.Kdc.KeyTab("eve/host")}\" principal=\"eve/host@{Kdc.Realm}\"");
        var refused = await Command.RunAsync(Distribution.Barnabas.Tool("kafka-topics"), ["--bootstrap-server", node.Address, "--command-config", unnamed, "--list"], null, node.ClientEnvironment);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Authentication failed during authentication due to invalid credentials with SASL mechanism GSSAPI", refused.Output + refused.Error);
        var without = node.ClientProperties("useTicketCache=true");
        var empty = await Command.RunAsync(Distribution.Barnabas.Tool("kafka-topics"), ["--bootstrap-server", node.Address, "--command-config", without, "--list"], null, node.ClientEnvironment);
        Assert.NotEqual(0, empty.ExitCode);
        Assert.Contains("kinit", empty.Output + empty.Error);
        Assert.Contains("No rules apply to eve/host@" + Kdc.Realm, node.Log);
    }

    /// <summary>A node with a GSSAPI listener, where alice is the user <c>k-alice</c>.</summary>
    private sealed class KerberosNode : IAsyncDisposable
    {
        private readonly DataFolder _folder;
        private readonly ServerProcess _server;

        private KerberosNode(Kdc kdc, DataFolder folder, ServerProcess server, int port) => (Kdc, _folder, _server, Address) = (kdc, folder, server, $"localhost:{port}");

        public Kdc Kdc { get; }

        public string Address { get; }

        public string Log => File.ReadAllText(_folder.Log);

        public IReadOnlyDictionary<string, string> ClientEnvironment => new Dictionary<string, string>(Kdc.Environment) { ["KAFKA_OPTS"] = $"-Djava.security.krb5.conf={Kdc.ConfigFile}" };

        public static async Task<KerberosNode> StartAsync()
        {
            Assert.SkipUnless(Kdc.IsInstalled, "krb5-kdc and krb5-admin-server are not installed");
            var kdc = await Kdc.StartAsync("kafka/localhost", "alice", "eve/host");
            var port = FreePorts.Next();
            var folder = new DataFolder();
            var listeners = $"PLAINTEXT://localhost:{folder.Port},CONTROLLER://localhost:{folder.Port + 1},KERBEROS://localhost:{port}";
            File.AppendAllLines(folder.Properties, [
                $"listeners={listeners}", $"advertised.listeners={listeners}",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,KERBEROS:SASL_PLAINTEXT",
                "sasl.enabled.mechanisms=GSSAPI", "sasl.kerberos.service.name=kafka",
                $"sasl.kerberos.principal.to.local.rules=RULE:[1:k-$1@$0](.*@{Kdc.Realm})s/@.*//",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS",
                $"listener.name.kerberos.gssapi.sasl.jaas.config={Module} required useKeyTab=true storeKey=true keyTab=\"{kdc.KeyTab("kafka/localhost")}\" principal=\"kafka/localhost@{Kdc.Realm}\";"]);
            var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder, new Dictionary<string, string> { ["KAFKA_OPTS"] = $"-Djava.security.krb5.conf={kdc.ConfigFile}" });
            var node = new KerberosNode(kdc, folder, server, port);
            try
            {
                foreach (var topic in (string[])["allowed", "denied"])
                    (await Distribution.Barnabas.RunAsync("kafka-topics", "--bootstrap-server", server.Bootstrap, "--create", "--topic", topic)).EnsureSuccess();
                (await Distribution.Barnabas.RunAsync("kafka-acls", "--bootstrap-server", server.Bootstrap, "--add", "--allow-principal", "User:k-alice", "--producer", "--consumer", "--topic", "allowed", "--group", "*")).EnsureSuccess();
                return node;
            }
            catch
            {
                await node.DisposeAsync();
                throw;
            }
        }

        public string ClientProperties(string options)
        {
            var path = Path.Combine(_folder.Path, "client.properties");
            File.WriteAllLines(path, ["security.protocol=SASL_PLAINTEXT", "sasl.mechanism=GSSAPI", "sasl.kerberos.service.name=kafka", $"sasl.jaas.config={Module} required {options};"]);
            return path;
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _folder.Dispose();
            await Kdc.DisposeAsync();
        }
    }
}
