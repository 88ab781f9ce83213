namespace Barnabas.Interop.Tests;

/// <summary>A client nobody here wrote, or our own besides them, driven through its script in <c>examples/sensors/clients</c>.</summary>
internal sealed record ForeignClient(string Name, string Executable, params string[] FirstArguments)
{
    private static readonly string Scripts = Path.Combine(Distribution.Barnabas.Home, "examples", "sensors", "clients");

    public static string[] Names { get; } = ["barnabas", "kcat", "kafka-python-2", "kafka-python-3", "confluent-kafka", "aiokafka", "kafkajs", "Confluent.Kafka", "java-console"];

    /// <summary>The client of that name; skips the calling test with the reason where it is not installed.</summary>
    public static ForeignClient Get(string name)
    {
        Peers.Folder();
        return name switch
        {
            "barnabas" => Needs(Sensors, new(name, Sensors)),
            "kcat" => Needs("/usr/bin/kcat", new(name, "sh", Script("kcat.sh"))),
            "kafka-python-2" => Needs("/usr/lib/python3/dist-packages/kafka", new(name, "/usr/bin/python3", Script("kafka_python.py"))),
            "kafka-python-3" => new(name, Python(), Script("kafka_python.py")),
            "confluent-kafka" => new(name, Python(), Script("confluent.py")),
            "aiokafka" => new(name, Python(), Script("aio.py")),
            "kafkajs" => Needs(Script("node_modules/kafkajs"), new(name, "node", Script("kafkajs.mjs"))),
            "Confluent.Kafka" => Needs(ConfluentDotnet, new(name, ConfluentDotnet)),
            "java-console" => new(name, "sh", Script("console.sh")),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such client"),
        };
    }

    public async Task ProduceAsync(string bootstrap, string topic, string rows, string codec = "none") =>
        (await RunAsync(["produce", bootstrap, topic, rows], codec)).EnsureSuccess();

    public async Task<string[]> ConsumeAsync(string bootstrap, string topic, string group, int count) =>
        (await RunAsync(["consume", bootstrap, topic, group, count.ToString()], "none")).EnsureSuccess().Lines;

    private Task<CommandResult> RunAsync(string[] arguments, string codec) =>
        Command.RunAsync(Executable, FirstArguments.Concat(arguments), environment: new Dictionary<string, string>(JavaTools.Environment)
        {
            ["CODEC"] = codec,
            ["KAFKA_HOME"] = Name == "java-console" ? Distribution.ApacheKafka().Home : Distribution.Barnabas.Home,
        });

    private static string Sensors => Path.GetFullPath(Script("../bin/Release/net10.0/sensors"));

    private static string ConfluentDotnet => Script("confluent-dotnet/bin/Release/net10.0/linux-x64/confluent-dotnet");

    private static string Script(string name) => Path.Combine(Scripts, name);

    private static ForeignClient Needs(string path, ForeignClient client)
    {
        Assert.SkipUnless(Path.Exists(path), $"{client.Name} is not installed: no {path}");
        return client;
    }

    private static string Python()
    {
        var python = Environment.GetEnvironmentVariable("BARNABAS_TEST_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "BARNABAS_TEST_PYTHON is not set: no Python 3.11 with the peers' wheels");
        return python!;
    }
}
