using System.Text.Json;
using Barnabas.Cli.Tests.Support;
using Barnabas.Testing;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class OperationToolsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Client_metrics_subscriptions_are_set_shown_listed_and_deleted()
    {
        Assert.Equal("Altered client metrics config for mine.\n", await OutAsync("kafka-client-metrics", "--alter", "--name", "mine", "--metrics", "org.apache.kafka.producer.", "--interval", "60000", "--match", "client_id=a.*"));
        Assert.Equal("mine\n", await OutAsync("kafka-client-metrics", "--list"));
        Assert.Equal(
            "Client metrics configs for mine are:\n  interval.ms=60000\n  match=client_id=a.*\n  metrics=org.apache.kafka.producer.\n",
            await OutAsync("kafka-client-metrics", "--describe", "--name", "mine"));
        Assert.StartsWith("Altered client metrics config for ", await OutAsync("kafka-client-metrics", "--alter", "--generate-name", "--metrics", "*"), StringComparison.Ordinal);
        Assert.Equal("Deleted client metrics config for mine.\n", await OutAsync("kafka-client-metrics", "--delete", "--name", "mine"));
        var refused = await broker.RunAsync("kafka-client-metrics", "--alter", "--name", "bad", "--interval", "5");
        Assert.Equal(1, refused.Status);
        Assert.Contains("Invalid value 5 for interval.ms, interval must be between 100 and 3600000 (1 hour)", refused.Error);
    }

    [Fact]
    public async Task Leaders_are_elected_where_it_is_needed_and_told_of()
    {
        await CreateAsync("elected", 1);
        Assert.Equal("Valid replica already elected for partitions elected-0\n", await OutAsync("kafka-leader-election", "--election-type", "preferred", "--topic", "elected", "--partition", "0"));
        var missing = await broker.RunAsync("kafka-leader-election", "--election-type", "preferred", "--topic", "none", "--partition", "0");
        Assert.Contains("Error completing leader election (PREFERRED) for partition: none-0: org.apache.kafka.common.errors.UnknownTopicOrPartitionException", missing.Out);
        Assert.Equal((1, "1 replica(s) could not be elected\n"), (missing.Status, missing.Error));
        Assert.Equal("", await OutAsync("kafka-leader-election", "--election-type", "preferred", "--all-topic-partitions"));
        Assert.Equal("", await OutAsync("kafka-preferred-replica-election"));
        Assert.Contains("One and only one of the following options is required", (await broker.RunAsync("kafka-leader-election", "--election-type", "unclean")).Error);
    }

    [Fact]
    public async Task A_reassignment_is_proposed_begun_followed_and_listed()
    {
        await CreateAsync("moved", 2);
        using var folder = new TemporaryFile("{\"topics\":[{\"topic\":\"moved\"}],\"version\":1}");
        var proposed = await OutAsync("kafka-reassign-partitions", "--generate", "--topics-to-move-json-file", folder.Path, "--broker-list", "1");
        Assert.StartsWith("Current partition replica assignment\n{\"version\":1,\"partitions\":[{\"topic\":\"moved\",\"partition\":0,\"replicas\":[1],\"log_dirs\":[\"any\"]}", proposed, StringComparison.Ordinal);
        using var plan = new TemporaryFile(proposed[(proposed.LastIndexOf('\n', proposed.Length - 2) + 1)..]);
        Assert.Equal("moved", JsonDocument.Parse(File.ReadAllText(plan.Path)).RootElement.GetProperty("partitions")[0].GetProperty("topic").GetString());

        var begun = await OutAsync("kafka-reassign-partitions", "--execute", "--reassignment-json-file", plan.Path);
        Assert.Contains("Save this to use as the --reassignment-json-file option during rollback\nSuccessfully started partition reassignments for moved-0,moved-1\n", begun);
        var verified = await OutAsync("kafka-reassign-partitions", "--verify", "--reassignment-json-file", plan.Path);
        Assert.Contains("Status of partition reassignment:\nReassignment of partition moved-0 is completed.\nReassignment of partition moved-1 is completed.\n", verified);
        Assert.Contains("Clearing topic-level throttles on topic moved\n", verified);
        Assert.Equal("No partition reassignments found.\n", await OutAsync("kafka-reassign-partitions", "--list"));
        Assert.Contains("None of the specified partition reassignments are active.\n", await OutAsync("kafka-reassign-partitions", "--cancel", "--reassignment-json-file", plan.Path));
        using var unknown = new TemporaryFile("{\"version\":1,\"partitions\":[{\"topic\":\"moved\",\"partition\":0,\"replicas\":[9]}]}");
        Assert.Contains("Unknown broker id 9", (await broker.RunAsync("kafka-reassign-partitions", "--execute", "--reassignment-json-file", unknown.Path)).Error);
    }

    [Fact]
    public async Task A_streams_application_begins_anew()
    {
        await CreateAsync("input", 1);
        await CreateAsync("app-store-changelog", 1);
        await CreateAsync("app-by-key-repartition", 1);
        Assert.Equal(0, (await broker.RunWithAsync("a\nb\nc\n", "kafka-console-producer", "--topic", "input")).Status);

        var dry = await OutAsync("kafka-streams-application-reset", "--application-id", "app", "--input-topics", "input", "--to-latest", "--dry-run");
        Assert.Contains("Topic: input Partition: 0 Offset: 3\nDeleting inferred internal topics [app-by-key-repartition, app-store-changelog]\n", dry);
        Assert.Contains("app-store-changelog", await OutAsync("kafka-topics", "--list"));

        await OutAsync("kafka-streams-application-reset", "--application-id", "app", "--input-topics", "input", "--to-offset", "2");
        Assert.DoesNotContain("app-", await OutAsync("kafka-topics", "--list"));
        Assert.Matches(@"input\s+0\s.*\b2\s+3\s+1\b", (await broker.RunAsync("kafka-consumer-groups", "--describe", "--group", "app")).Out);
    }

    [Fact]
    public async Task The_jmx_tool_reads_the_metrics_of_a_node_by_Kafkas_names()
    {
        await using var node = await TestBroker.StartAsync(TestBrokerOptions.Default with { Properties = new Dictionary<string, string> { ["barnabas.metrics.listener"] = "localhost:0" } });
        var url = $"http://localhost:{node.MetricsEndPoint!.Port}/metrics";
        var run = await VerbRun.RunAsync("kafka-jmx", "--url", url, "--object-name", "kafka.controller:type=KafkaController,name=ActiveControllerCount", "--one-time", "true");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Matches("^\"time\",\"kafka_controller_kafkacontroller_activecontrollercount\"\n[0-9]{13},1\n$", run.Out);
        var none = await VerbRun.RunAsync("kafka-jmx", "--url", url, "--object-name", "kafka.none:type=None,name=None", "--one-time", "true");
        Assert.Equal(1, none.Status);
    }

    [Fact]
    public async Task Completion_knows_verbs_and_their_options()
    {
        Assert.Contains("complete -o default -F _barnabas barnabas\n", (await VerbRun.RunAsync("completion", "bash")).Out);
        Assert.Equal("topics\n", (await VerbRun.RunAsync("completion", "words", "topi")).Out);
        var options = (await VerbRun.RunAsync("completion", "words", "configs", "--entity-")).Out;
        Assert.Equal("--entity-default\n--entity-name\n--entity-type\n", options);
    }

    private async Task CreateAsync(string topic, int partitions) =>
        Assert.Equal(0, (await broker.RunAsync("kafka-topics", "--create", "--topic", topic, "--partitions", $"{partitions}")).Status);

    private async Task<string> OutAsync(string tool, params string[] arguments)
    {
        var run = await broker.RunAsync(tool, arguments);
        Assert.Equal((0, ""), (run.Status, run.Error));
        return run.Out;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
