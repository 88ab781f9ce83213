using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>Clients over OAUTHBEARER with tokens of a provider: what the token's subject may works, a wrong secret gets nowhere.</summary>
public sealed class OAuthClientTests
{
    [Theory]
    [InlineData("apache")]
    [InlineData("barnabas")]
    public async Task The_console_tools_fetch_a_token_by_their_credentials(string tools)
    {
        var distribution = tools == "apache" ? Distribution.ApacheKafka() : Distribution.Barnabas;
        using var provider = new OAuthProvider();
        await using var node = await OAuthNode.StartAsync(provider);
        var environment = new Dictionary<string, string> { ["KAFKA_OPTS"] = $"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={provider.Address}token" };
        string[] Common(string secret) => ["--bootstrap-server", node.Address, "--command-config", node.Properties(provider, secret)];
        (await Command.RunAsync(distribution.Tool("kafka-console-producer"), [.. Common(OAuthProvider.Secret), "--topic", "allowed"], "by token\n", environment)).EnsureSuccess();
        var read = await Command.RunAsync(distribution.Tool("kafka-console-consumer"), [.. Common(OAuthProvider.Secret), "--topic", "allowed", "--from-beginning", "--max-messages", "1", "--timeout-ms", "20000"], null, environment);
        Assert.Equal(["by token"], read.EnsureSuccess().Lines);
        var denied = await Command.RunAsync(distribution.Tool("kafka-console-producer"), [.. Common(OAuthProvider.Secret), "--topic", "denied"], "x\n", environment);
        Assert.Contains("authoriz", denied.Output + denied.Error, StringComparison.OrdinalIgnoreCase);
        if (tools == "apache")
            return;
        var wrong = await Command.RunAsync(distribution.Tool("kafka-topics"), [.. Common("wrong-secret"), "--list"], null, environment);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.DoesNotContain("wrong-secret", wrong.Output + wrong.Error);
        Assert.DoesNotContain("eyJ", node.Log);
    }

    [Fact]
    public async Task Confluent_kafka_fetches_a_token_by_its_credentials()
    {
        var python = Environment.GetEnvironmentVariable("BARNABAS_TEST_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "BARNABAS_TEST_PYTHON is not set: no Python 3.11 with the peers' wheels");
        using var provider = new OAuthProvider();
        await using var node = await OAuthNode.StartAsync(provider);
        const string Script = """
            import sys
            from confluent_kafka import Producer
            address, topic, url, secret = sys.argv[1:5]
            errors = []
            p = Producer({'bootstrap.servers': address, 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', 'sasl.oauthbearer.method': 'oidc', 'message.timeout.ms': 10000,
                'sasl.oauthbearer.token.endpoint.url': url, 'sasl.oauthbearer.client.id': 'alice', 'sasl.oauthbearer.client.secret': secret, 'sasl.oauthbearer.scope': 'kafka'})
            p.produce(topic, 'x', on_delivery=lambda e, m: errors.append(str(e)) if e else None)
            if p.flush(20): errors.append('not sent')
            if errors: sys.exit(str(errors))
            """;
        (await Command.RunAsync(python!, ["-c", Script, node.Address, "allowed", provider.Address + "token", OAuthProvider.Secret])).EnsureSuccess();
        var denied = await Command.RunAsync(python!, ["-c", Script, node.Address, "denied", provider.Address + "token", OAuthProvider.Secret]);
        Assert.Contains("authoriz", denied.Error, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, (await Command.RunAsync(python!, ["-c", Script, node.Address, "allowed", provider.Address + "token", "wrong"])).ExitCode);
    }

    private sealed class OAuthNode : IAsyncDisposable
    {
        private const string Module = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
        private readonly DataFolder _folder;
        private readonly ServerProcess _server;

        private OAuthNode(DataFolder folder, ServerProcess server, int port) => (_folder, _server, Address) = (folder, server, $"localhost:{port}");

        public string Address { get; }

        public string Log => File.ReadAllText(_folder.Log);

        public static async Task<OAuthNode> StartAsync(OAuthProvider provider)
        {
            var port = FreePorts.Next();
            var folder = new DataFolder();
            var listeners = $"PLAINTEXT://localhost:{folder.Port},CONTROLLER://localhost:{folder.Port + 1},OAUTH://localhost:{port}";
            File.AppendAllLines(folder.Properties, [
                $"listeners={listeners}", $"advertised.listeners={listeners}",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,OAUTH:SASL_PLAINTEXT",
                "listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER",
                $"listener.name.oauth.oauthbearer.sasl.jaas.config={Module} required;",
                $"sasl.oauthbearer.jwks.endpoint.url={provider.Address}jwks",
                "sasl.oauthbearer.expected.issuer=https://id.test", "sasl.oauthbearer.expected.audience=kafka-test",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS"]);
            var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
            var node = new OAuthNode(folder, server, port);
            try
            {
                foreach (var topic in (string[])["allowed", "denied"])
                    (await Distribution.Barnabas.RunAsync("kafka-topics", "--bootstrap-server", server.Bootstrap, "--create", "--topic", topic)).EnsureSuccess();
                (await Distribution.Barnabas.RunAsync("kafka-acls", "--bootstrap-server", server.Bootstrap, "--add", "--allow-principal", "User:alice", "--producer", "--consumer", "--topic", "allowed", "--group", "*")).EnsureSuccess();
                return node;
            }
            catch
            {
                await node.DisposeAsync();
                throw;
            }
        }

        public string Properties(OAuthProvider provider, string secret)
        {
            var path = Path.Combine(_folder.Path, "client.properties");
            File.WriteAllLines(path, [
                "security.protocol=SASL_PLAINTEXT", "sasl.mechanism=OAUTHBEARER", $"sasl.oauthbearer.token.endpoint.url={provider.Address}token",
                "sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                $"sasl.jaas.config={Module} required clientId=\"alice\" clientSecret=\"{secret}\" scope=\"kafka\";"]);
            return path;
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _folder.Dispose();
        }
    }
}
