namespace Barnabas.Interop.Tests.Security;

/// <summary>Clients nobody here wrote, over TLS and SASL, against access control: what they may works, what they may not is refused in Kafka's words.</summary>
public sealed class SecuredClientTests
{
    private const string Kafkajs = """
        const [verb, modules, topic, value, address, protocol, mechanism, ca, client] = process.argv.slice(1)
        const { Kafka, Partitioners, logLevel } = require('node:module').createRequire(modules)('kafkajs')
        const { readFileSync } = require('node:fs')
        const ssl = protocol.endsWith('SSL') && { ca: [readFileSync(ca)], ...(protocol === 'SSL' ? { cert: readFileSync(client + '.crt'), key: readFileSync(client + '.key') } : {}) }
        const sasl = mechanism ? { mechanism: mechanism.toLowerCase(), username: 'alice', password: 'alice-secret' } : undefined
        const kafka = new Kafka({ brokers: [address], ssl, sasl, logLevel: logLevel.NOTHING, retry: { retries: 3 } })
        async function produce() {
          const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
          await producer.connect()
          await producer.send({ topic, messages: [{ value }] })
          await producer.disconnect()
        }
        async function consume() {
          const consumer = kafka.consumer({ groupId: 'kafkajs-' + protocol + mechanism, maxWaitTimeInMs: 100 })
          await consumer.connect()
          await consumer.subscribe({ topic, fromBeginning: true })
          await new Promise((done, failed) => {
            consumer.on(consumer.events.CRASH, event => failed(event.payload.error))
            consumer.run({ eachMessage: async ({ message }) => { console.log(message.value.toString()); if (message.value.toString() === value) done() } })
          })
          await consumer.disconnect()
        }
        (verb === 'produce' ? produce() : consume()).then(() => process.exit(0), error => { console.error(error.message); process.exit(1) })
        """;

    private static readonly (string Protocol, string? Mechanism)[] Ways =
        [("SSL", null), ("SASL_PLAINTEXT", "PLAIN"), ("SASL_PLAINTEXT", "SCRAM-SHA-256"), ("SASL_SSL", "PLAIN"), ("SASL_SSL", "SCRAM-SHA-512")];

    [Fact]
    public async Task Kcat_goes_every_way() => await EveryWayAsync((node, protocol, mechanism, topic, value) =>
    {
        List<string> options = ["-b", node.Address(protocol), "-X", $"security.protocol={protocol}", "-X", $"ssl.ca.location={node.Certificates.Authority}"];
        if (protocol == "SSL")
            options.AddRange(["-X", $"ssl.certificate.location={node.Certificates.Client}.crt", "-X", $"ssl.key.location={node.Certificates.Client}.key"]);
        if (mechanism is not null)
            options.AddRange(["-X", $"sasl.mechanism={mechanism}", "-X", "sasl.username=alice", "-X", "sasl.password=alice-secret"]);
        return (new("/usr/bin/kcat", [.. options, "-P", "-t", topic], value), new("/usr/bin/kcat", [.. options, "-C", "-t", topic, "-o", "beginning", "-e", "-q"], null));
    });

    [Fact]
    public async Task Confluent_kafka_goes_every_way() => await EveryWayAsync((node, protocol, mechanism, topic, value) => Python(node, protocol, mechanism, topic, value, """
        import sys
        from confluent_kafka import Producer, Consumer
        verb, topic, value, address, protocol, mechanism, ca, client = sys.argv[1:9]
        conf = {'bootstrap.servers': address, 'security.protocol': protocol, 'ssl.ca.location': ca}
        if protocol == 'SSL': conf.update({'ssl.certificate.location': client + '.crt', 'ssl.key.location': client + '.key'})
        if mechanism: conf.update({'sasl.mechanism': mechanism, 'sasl.username': 'alice', 'sasl.password': 'alice-secret'})
        if verb == 'produce':
            errors = []
            p = Producer(conf)
            p.produce(topic, value, on_delivery=lambda e, m: errors.append(e) if e else None)
            p.flush(30)
            if errors: sys.exit(str(errors))
        else:
            c = Consumer({**conf, 'group.id': 'confluent-' + protocol + mechanism, 'auto.offset.reset': 'earliest'})
            c.subscribe([topic])
            while True:
                m = c.poll(30)
                if m is None or m.error(): sys.exit(str(m and m.error()))
                print(m.value().decode())
                if m.value().decode() == value: break
            c.close()
        """));

    [Fact]
    public async Task Kafka_python_goes_every_way() => await EveryWayAsync((node, protocol, mechanism, topic, value) => Python(node, protocol, mechanism, topic, value, """
        import sys
        from kafka import KafkaProducer, KafkaConsumer
        verb, topic, value, address, protocol, mechanism, ca, client = sys.argv[1:9]
        conf = dict(bootstrap_servers=address, security_protocol=protocol)
        if protocol.endswith('SSL'): conf.update(ssl_cafile=ca)
        if protocol == 'SSL': conf.update(ssl_certfile=client + '.crt', ssl_keyfile=client + '.key')
        if mechanism: conf.update(sasl_mechanism=mechanism, sasl_plain_username='alice', sasl_plain_password='alice-secret')
        if verb == 'produce':
            p = KafkaProducer(**conf)
            p.send(topic, value.encode()).get(30)
            p.close()
        else:
            c = KafkaConsumer(topic, group_id='python-' + protocol + mechanism, auto_offset_reset='earliest', consumer_timeout_ms=30000, **conf)
            for m in c:
                print(m.value.decode())
                if m.value.decode() == value: break
            c.close()
        """));

    [Fact]
    public async Task Kafkajs_goes_every_way()
    {
        var modules = ForeignClient.Get("kafkajs").FirstArguments[0];
        await EveryWayAsync((node, protocol, mechanism, topic, value) =>
        {
            string[] rest = [modules, topic, value, node.Address(protocol), protocol, mechanism ?? "", node.Certificates.Authority, node.Certificates.Client];
            return (new("node", ["-e", Kafkajs, "produce", .. rest], null), new("node", ["-e", Kafkajs, "consume", .. rest], null));
        });
    }

    [Theory]
    [InlineData("apache")]
    [InlineData("barnabas")]
    public async Task The_console_tools_go_every_way(string tools)
    {
        var distribution = tools == "apache" ? Distribution.ApacheKafka() : Distribution.Barnabas;
        var ways = tools == "apache" ? [Ways[0], Ways[4]] : Ways;
        await EveryWayAsync((node, protocol, mechanism, topic, value) =>
        {
            var properties = node.Properties(protocol, mechanism);
            // One for this way and each before it.
            var there = Array.IndexOf(ways, (protocol, mechanism)) + 1;
            return (
                new(distribution.Tool("kafka-console-producer"), ["--bootstrap-server", node.Address(protocol), "--topic", topic, "--command-config", properties], value + "\n"),
                new(distribution.Tool("kafka-console-consumer"), ["--bootstrap-server", node.Address(protocol), "--topic", topic, "--from-beginning", "--max-messages", $"{there}", "--timeout-ms", "20000", "--command-config", properties], null));
        }, ways);
    }

    private static async Task EveryWayAsync(Func<SecuredNode, string, string?, string, string, (Run Produce, Run Consume)> client, (string Protocol, string? Mechanism)[]? ways = null)
    {
        await using var node = await SecuredNode.StartAsync();
        foreach (var (protocol, mechanism) in ways ?? Ways)
        {
            var value = $"{protocol}-{mechanism}";
            var (produce, consume) = client(node, protocol, mechanism, "allowed", value);
            (await produce.GoAsync()).EnsureSuccess();
            Assert.Contains(value, (await consume.GoAsync()).EnsureSuccess().Lines);
            var denied = await client(node, protocol, mechanism, "denied", value).Produce.GoAsync();
            Assert.Contains("authoriz", denied.Output + denied.Error, StringComparison.OrdinalIgnoreCase);
        }
        Assert.DoesNotContain("alice-secret", node.Log);
        Assert.DoesNotContain(TestCertificates.Password, node.Log);
    }

    private static (Run, Run) Python(SecuredNode node, string protocol, string? mechanism, string topic, string value, string script)
    {
        var python = Environment.GetEnvironmentVariable("BARNABAS_TEST_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "BARNABAS_TEST_PYTHON is not set: no Python 3.11 with the peers' wheels");
        string[] rest = [topic, value, node.Address(protocol), protocol, mechanism ?? "", node.Certificates.Authority, node.Certificates.Client];
        return (new(python!, ["-c", script, "produce", .. rest], null), new(python!, ["-c", script, "consume", .. rest], null));
    }

    private sealed record Run(string File, string[] Arguments, string? Input)
    {
        public Task<CommandResult> GoAsync() => Command.RunAsync(File, Arguments, Input);
    }
}
