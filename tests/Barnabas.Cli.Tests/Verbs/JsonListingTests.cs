using System.Text.Json;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

/// <summary>--json on what lists and describes: one array, an object a row.</summary>
public sealed class JsonListingTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Topics_are_listed_and_described()
    {
        await OutAsync("kafka-topics", "--create", "--topic", "jt", "--partitions", "2", "--config", "retention.ms=5000");
        Assert.Contains(await RowsAsync("kafka-topics", "--list", "--json"), row => row.GetProperty("topic").GetString() == "jt");
        var topic = Assert.Single(await RowsAsync("kafka-topics", "--describe", "--topic", "jt", "--json"));
        Assert.Equal("5000", topic.GetProperty("configs").GetProperty("retention.ms").GetString());
        Assert.Equal([0, 1], topic.GetProperty("partitions").EnumerateArray().Select(p => p.GetProperty("partition").GetInt32()));
        Assert.Equal(1, topic.GetProperty("partitions")[0].GetProperty("replicas")[0].GetInt32());
        Assert.Empty(await RowsAsync("kafka-topics", "--describe", "--topic", "jt", "--under-replicated-partitions", "--json"));
    }

    [Fact]
    public async Task Groups_and_their_offsets_are_listed_and_described_with_numbers_as_numbers()
    {
        await OutAsync("kafka-topics", "--create", "--topic", "jg", "--partitions", "1");
        Assert.Equal(0, (await broker.RunWithAsync("a\nb\nc\n", "kafka-console-producer", "--topic", "jg")).Status);
        Assert.Equal(0, (await broker.RunAsync("kafka-consumer-groups", "--reset-offsets", "--group", "17", "--topic", "jg", "--to-offset", "1", "--execute")).Status);
        var offset = Assert.Single(await RowsAsync("kafka-consumer-groups", "--describe", "--group", "17", "--json"));
        Assert.Equal(("17", "jg", 0L, 1L, 3L, 2L), (
            offset.GetProperty("group").GetString(), offset.GetProperty("topic").GetString(), offset.GetProperty("partition").GetInt64(),
            offset.GetProperty("currentOffset").GetInt64(), offset.GetProperty("logEndOffset").GetInt64(), offset.GetProperty("lag").GetInt64()));
        Assert.Equal(JsonValueKind.Null, offset.GetProperty("consumerId").ValueKind);
        Assert.Equal("Empty", Assert.Single(await RowsAsync("kafka-consumer-groups", "--describe", "--group", "17", "--state", "--json")).GetProperty("state").GetString());
        Assert.Contains(await RowsAsync("kafka-groups", "--list", "--json"), row => row.GetProperty("group").GetString() == "17" && row.GetProperty("type").GetString() == "Classic");
        Assert.Contains(await RowsAsync("kafka-consumer-groups", "--list", "--json"), row => row.GetProperty("group").GetString() == "17");
        Assert.Contains(await RowsAsync("kafka-get-offsets", "--topic", "jg", "--json"), row => row.GetProperty("offset").GetInt64() == 3);
    }

    [Fact]
    public async Task Configurations_features_versions_quorum_and_endpoints_are_described()
    {
        await OutAsync("kafka-topics", "--create", "--topic", "jc", "--partitions", "1", "--config", "retention.ms=7000");
        var config = Assert.Single(await RowsAsync("kafka-configs", "--describe", "--topic", "jc", "--json"));
        Assert.Equal(("retention.ms", "7000", "DYNAMIC_TOPIC_CONFIG"), (config.GetProperty("name").GetString(), config.GetProperty("value").GetString(), config.GetProperty("source").GetString()));
        Assert.Contains(await RowsAsync("kafka-features", "describe", "--json"), row => row.GetProperty("feature").GetString() == "metadata.version");
        Assert.Contains(await RowsAsync("kafka-broker-api-versions", "--json"), row => row.GetProperty("name").GetString() == "Produce" && row.GetProperty("maxVersion").GetInt32() == 13);
        Assert.Equal(1, Assert.Single(await RowsAsync("kafka-metadata-quorum", "describe", "--status", "--json")).GetProperty("leaderId").GetInt32());
        Assert.Equal("Leader", Assert.Single(await RowsAsync("kafka-metadata-quorum", "describe", "--replication", "--json")).GetProperty("status").GetString());
        Assert.Empty(await RowsAsync("kafka-transactions", "list", "--json"));
        var endpoint = await VerbRun.RunAsync("kafka-cluster", "list-endpoints", "--bootstrap-server", broker.Servers, "--json");
        Assert.Contains("\"state\":\"unfenced\"", endpoint.Out, StringComparison.Ordinal);
        await OutAsync("kafka-configs", "--alter", "--user", "ann", "--add-config", "producer_byte_rate=1024");
        Assert.Equal(1024, Assert.Single(await RowsAsync("kafka-configs", "--describe", "--user", "ann", "--json")).GetProperty("quotas").GetProperty("producer_byte_rate").GetDouble());
        await OutAsync("kafka-client-metrics", "--alter", "--name", "mine", "--metrics", "*", "--interval", "60000");
        Assert.Equal("60000", Assert.Single(await RowsAsync("kafka-client-metrics", "--describe", "--json")).GetProperty("interval.ms").GetString());
    }

    [Fact]
    public async Task Log_directories_and_reassignments_print_json_and_nothing_besides()
    {
        await OutAsync("kafka-topics", "--create", "--topic", "jd", "--partitions", "1");
        var directories = JsonDocument.Parse(await OutAsync("kafka-log-dirs", "--describe", "--topic-list", "jd", "--json")).RootElement;
        Assert.Equal("jd-0", directories.GetProperty("brokers")[0].GetProperty("logDirs")[0].GetProperty("partitions")[0].GetProperty("partition").GetString());
        Assert.Empty(await RowsAsync("kafka-reassign-partitions", "--list", "--json"));
        Assert.Equal(1, (await broker.RunAsync("kafka-reassign-partitions", "--cancel", "--json")).Status);
    }

    [Fact]
    public async Task What_lists_nothing_takes_no_json_and_a_failure_prints_none()
    {
        var refused = await broker.RunAsync("kafka-topics", "--create", "--topic", "never", "--json");
        Assert.Equal(1, refused.Status);
        Assert.Contains("Option \"[json]\" can only be used with one of these: [list], [describe]", refused.Error, StringComparison.Ordinal);
        var missing = await broker.RunAsync("kafka-topics", "--describe", "--topic", "none", "--json");
        Assert.Equal(1, missing.Status);
        Assert.DoesNotContain("[]", missing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_json_groups_are_in_Kafkas_columns_and_a_missing_topic_is_told_in_its_words()
    {
        Assert.Equal(0, (await broker.RunAsync("kafka-topics", "--create", "--topic", "jw")).Status);
        Assert.Equal(0, (await broker.RunAsync("kafka-consumer-groups", "--reset-offsets", "--group", "mygrp", "--topic", "jw", "--to-earliest", "--execute")).Status);
        var lines = (await OutAsync("kafka-groups", "--list")).Split('\n');
        Assert.Equal("GROUP                TYPE                 PROTOCOL            ", lines[0]);
        Assert.Contains($"{"mygrp",-20} {"Classic",-20} {"",-20} ", lines);
        Assert.Equal("The topic 'nosuch' doesn't exist and doesn't have dynamic config.\n", await OutAsync("kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "nosuch"));
    }

    private async Task<List<JsonElement>> RowsAsync(string tool, params string[] arguments) => [.. JsonDocument.Parse(await OutAsync(tool, arguments)).RootElement.EnumerateArray()];

    private async Task<string> OutAsync(string tool, params string[] arguments)
    {
        var run = await broker.RunAsync(tool, arguments);
        Assert.True(run.Status == 0, run.Error + run.Out);
        return run.Out;
    }
}
