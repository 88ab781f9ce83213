using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>Clients over OAUTHBEARER with tokens of a provider: what the token's subject may works, a wrong secret gets nowhere.</summary>
public sealed class OAuthClientTests
{
    // Seconds that a client tries for; a wrong secret gets it nowhere however long it does.
    private const string Patience = "20";
    private const string PatienceInVain = "3";

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
            address, topic, url, secret, patience = sys.argv[1:6]
            errors = []
            p = Producer({'bootstrap.servers': address, 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', 'sasl.oauthbearer.method': 'oidc', 'message.timeout.ms': int(patience) * 1000,
                'sasl.oauthbearer.token.endpoint.url': url, 'sasl.oauthbearer.client.id': 'alice', 'sasl.oauthbearer.client.secret': secret, 'sasl.oauthbearer.scope': 'kafka'})
            p.produce(topic, 'x', on_delivery=lambda e, m: errors.append(str(e)) if e else None)
            if p.flush(2 * int(patience)): errors.append('not sent')
            if errors: sys.exit(str(errors))
            """;
        (await Command.RunAsync(python!, ["-c", Script, node.Address, "allowed", provider.Address + "token", OAuthProvider.Secret, Patience])).EnsureSuccess();
        var denied = await Command.RunAsync(python!, ["-c", Script, node.Address, "denied", provider.Address + "token", OAuthProvider.Secret, Patience]);
        Assert.Contains("authoriz", denied.Error, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, (await Command.RunAsync(python!, ["-c", Script, node.Address, "allowed", provider.Address + "token", "wrong", PatienceInVain])).ExitCode);
    }

    [Fact]
    public async Task Kafka_python_brings_a_token()
    {
        var python = Environment.GetEnvironmentVariable("BARNABAS_TEST_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "BARNABAS_TEST_PYTHON is not set: no Python 3.11 with the peers' wheels");
        const string Script = """
            import base64, json, sys, urllib.request
            from kafka import KafkaProducer, KafkaConsumer
            from kafka.net.sasl.oauth import AbstractTokenProvider
            address, topic, url, secret, patience = sys.argv[1:6]
            class Provider(AbstractTokenProvider):
                def token(self):
                    request = urllib.request.Request(url, b'grant_type=client_credentials&scope=kafka', {'Authorization': 'Basic ' + base64.b64encode(('alice:' + secret).encode()).decode()})
                    return json.load(urllib.request.urlopen(request))['access_token']
            conf = dict(bootstrap_servers=address, security_protocol='SASL_PLAINTEXT', sasl_mechanism='OAUTHBEARER', sasl_oauth_token_provider=Provider())
            p = KafkaProducer(bootstrap_timeout_ms=int(patience) * 1000, max_block_ms=int(patience) * 1000, **conf)
            p.send(topic, b'by python').get(int(patience))
            p.close()
            for m in KafkaConsumer(topic, group_id='python', auto_offset_reset='earliest', consumer_timeout_ms=20000, **conf):
                print(m.value.decode())
                break
            """;
        await ComesAndGoesAsync("by python", (address, topic, url, secret) => Command.RunAsync(python!, ["-c", Script, address, topic, url, secret, secret == OAuthProvider.Secret ? Patience : PatienceInVain]));
    }

    [Fact]
    public async Task Kafkajs_brings_a_token()
    {
        var modules = ForeignClient.Get("kafkajs").FirstArguments[0];
        const string Script = """
            const [modules, address, topic, url, secret] = process.argv.slice(1)
            const { Kafka, Partitioners, logLevel } = require('node:module').createRequire(modules)('kafkajs')
            async function oauthBearerProvider() {
              const authorization = 'Basic ' + Buffer.from('alice:' + secret).toString('base64')
              const answer = await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' }, body: 'grant_type=client_credentials&scope=kafka' })
              if (!answer.ok) throw new Error('no token: ' + answer.status)
              return { value: (await answer.json()).access_token }
            }
            const kafka = new Kafka({ brokers: [address], sasl: { mechanism: 'oauthbearer', oauthBearerProvider }, logLevel: logLevel.NOTHING, retry: { retries: 2 } })
            async function run() {
              const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
              await producer.connect()
              await producer.send({ topic, messages: [{ value: 'by kafkajs' }] })
              await producer.disconnect()
              const consumer = kafka.consumer({ groupId: 'kafkajs', maxWaitTimeInMs: 100 })
              await consumer.connect()
              await consumer.subscribe({ topic, fromBeginning: true })
              await new Promise((done, failed) => {
                consumer.on(consumer.events.CRASH, event => failed(event.payload.error))
                consumer.run({ eachMessage: async ({ message }) => { console.log(message.value.toString()); done() } })
              })
              await consumer.disconnect()
            }
            run().then(() => process.exit(0), error => { console.error(error.message); process.exit(1) })
            """;
        await ComesAndGoesAsync("by kafkajs", (address, topic, url, secret) => Command.RunAsync("node", ["-e", Script, modules, address, topic, url, secret]));
    }

    [Fact]
    public async Task Kcat_brings_an_unsigned_token_which_counts_only_where_it_is_asked_for()
    {
        // Debian's kcat asks no provider: it is built without curl.
        Assert.SkipUnless(File.Exists("/usr/bin/kcat"), "kcat is not installed: no /usr/bin/kcat");
        static Task<CommandResult> Kcat(OAuthNode node, string topic, string? input, params string[] arguments) => Command.RunAsync(
            "/usr/bin/kcat",
            ["-b", node.Address, "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=OAUTHBEARER", "-X", "enable.sasl.oauthbearer.unsecure.jwt=true", "-X", "sasl.oauthbearer.config=principal=alice",
                "-X", "message.timeout.ms=3000", "-t", topic, .. arguments],
            input);
        using var provider = new OAuthProvider();
        await using (var open = await OAuthNode.StartAsync(provider, "listener.name.oauth.oauthbearer.sasl.server.callback.handler.class=org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler"))
        {
            (await Kcat(open, "allowed", "by kcat", "-P")).EnsureSuccess();
            Assert.Equal(["by kcat"], (await Kcat(open, "allowed", null, "-C", "-o", "beginning", "-e", "-q")).EnsureSuccess().Lines);
            Assert.Contains("authoriz", (await Kcat(open, "denied", "x", "-P")).Error, StringComparison.OrdinalIgnoreCase);
        }

        await using var strict = await OAuthNode.StartAsync(provider);
        Assert.NotEqual(0, (await Kcat(strict, "allowed", "x", "-P")).ExitCode);
    }

    private static async Task ComesAndGoesAsync(string value, Func<string, string, string, string, Task<CommandResult>> client)
    {
        using var provider = new OAuthProvider();
        await using var node = await OAuthNode.StartAsync(provider);
        var url = provider.Address + "token";
        Assert.Equal([value], (await client(node.Address, "allowed", url, OAuthProvider.Secret)).EnsureSuccess().Lines);
        var denied = await client(node.Address, "denied", url, OAuthProvider.Secret);
        Assert.Contains("authoriz", denied.Output + denied.Error, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, (await client(node.Address, "allowed", url, "wrong")).ExitCode);
        Assert.DoesNotContain("eyJ", node.Log);
    }

    private sealed class OAuthNode : IAsyncDisposable
    {
        private const string Module = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
        private readonly DataFolder _folder;
        private readonly ServerProcess _server;

        private OAuthNode(DataFolder folder, ServerProcess server, int port) => (_folder, _server, Address) = (folder, server, $"localhost:{port}");

        public string Address { get; }

        public string Log => File.ReadAllText(_folder.Log);

        public static async Task<OAuthNode> StartAsync(OAuthProvider provider, params string[] more)
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
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS", .. more]);
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
