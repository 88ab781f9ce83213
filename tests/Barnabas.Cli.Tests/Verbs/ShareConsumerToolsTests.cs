using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class ShareConsumerToolsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task The_console_prints_what_a_share_group_gives_out_and_says_what_became_of_it()
    {
        await ProduceAsync("console", "ask");
        string[] read = ["--topic", "ask", "--group", "console", "--timeout-ms", "15000", "--formatter-property", "print.delivery=true"];
        var released = await broker.RunAsync("kafka-console-share-consumer", [.. read, "--max-messages", "2", "--release", "--formatter-property", "print.key=true", "--formatter-property", "print.offset=true"]);
        Assert.Equal((0, "Offset:0\tDelivery:1\tk1\tv1\nOffset:1\tDelivery:1\tk2\tv2\n", "Processed a total of 2 messages\n"), (released.Status, released.Out, released.Error));
        var rejected = await broker.RunAsync("kafka-console-share-consumer", [.. read, "--max-messages", "1", "--reject"]);
        Assert.Equal("Delivery:2\tv1\n", rejected.Out);
        var accepted = await broker.RunAsync("kafka-console-share-consumer", [.. read, "--max-messages", "2", "--enable-systest-events"]);
        Assert.Matches("^Delivery:[23]\tv2\nDelivery:[23]\tv3\nshutdown_complete\n$", accepted.Out);
        var over = await broker.RunAsync("kafka-console-share-consumer", "--topic", "ask", "--group", "console", "--timeout-ms", "500");
        Assert.Equal((0, "", true), (over.Status, over.Out, over.Error.EndsWith("org.apache.kafka.common.errors.TimeoutException\nProcessed a total of 0 messages\n", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--topic is a required argument", "--group", "g")]
    [InlineData("At most one of --reject and --release may be specified.", "--topic", "t", "--reject", "--release")]
    [InlineData("Options --consumer-config and --command-config cannot be specified together.", "--topic", "t", "--consumer-config", "a", "--command-config", "b")]
    [InlineData("Detected group ids: 'a', 'b'", "--topic", "t", "--group", "a", "--command-property", "group.id=b")]
    [InlineData("isolation.level cannot be set when using a share group.", "--topic", "t", "--command-property", "isolation.level=read_committed")]
    public async Task What_the_console_cannot_do_is_said_in_Kafkas_words(string message, params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-console-share-consumer", arguments);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("auto")]
    public async Task The_verifiable_share_consumer_prints_the_events_of_the_original(string mode)
    {
        var topic = $"verified-{mode}";
        await ProduceAsync($"not-{mode}", topic);
        var run = await broker.RunAsync(
            "kafka-verifiable-share-consumer", "--topic", topic, "--group-id", topic, "--offset-reset-strategy", "earliest", "--max-messages", "3", "--verbose", "--acknowledgement-mode", mode);
        Assert.Equal(
            "{'timestamp':T,'name':'startup_complete'}\n"
            + "{'timestamp':T,'name':'offset_reset_strategy_set','offsetResetStrategy':'earliest'}\n"
            + "{'timestamp':T,'name':'record_data','key':'k1','value':'v1','topic':'TOPIC','partition':0,'offset':0}\n"
            + "{'timestamp':T,'name':'record_data','key':'k2','value':'v2','topic':'TOPIC','partition':0,'offset':1}\n"
            + "{'timestamp':T,'name':'record_data','key':'k3','value':'v3','topic':'TOPIC','partition':0,'offset':2}\n"
            + "{'timestamp':T,'name':'records_consumed','count':3,'partitions':[{'topic':'TOPIC','partition':0,'count':3,'offsets':[0,1,2]}]}\n"
            + "{'timestamp':T,'name':'offsets_acknowledged','count':3,'partitions':[{'topic':'TOPIC','partition':0,'count':3,'offsets':[0,1,2]}],'success':true}\n"
            + "{'timestamp':T,'name':'shutdown_complete'}\n",
            Regex.Replace(run.Out.Replace('"', '\''), "'timestamp':[0-9]+", "'timestamp':T").Replace(topic, "TOPIC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_performance_test_counts_what_its_consumers_read_between_them()
    {
        await ProduceAsync("perf", "fast");
        var run = await broker.RunAsync(
            "kafka-share-consumer-perf-test", "--topic", "fast", "--group", "perf", "--num-records", "3", "--threads", "2", "--show-consumer-stats", "--timeout", "15000");
        const string Time = "[-0-9]+ [0-9:]+";
        const string Figures = $"{Time}, {Time}, [0-9.]+, [0-9.]+, [0-9.]+, ";
        Assert.Matches(
            "^start.time, end.time, data.consumed.in.MB, MB.sec, nMsg.sec, data.consumed.in.nMsg, fetch.time.ms\n"
            + $"Share consumer 1 having client id perf-share-consumer-client-1 consumption metrics- {Figures}[0-3], [0-9]+\n"
            + $"Share consumer 2 having client id perf-share-consumer-client-2 consumption metrics- {Figures}[0-3], [0-9]+\n"
            + $"{Figures}3, [0-9]+\n$", run.Out);
        var tooMany = await broker.RunAsync("kafka-share-consumer-perf-test", "--topic", "fast", "--group", "perf", "--num-records", "9", "--timeout", "300", "--hide-header");
        Assert.StartsWith("WARNING: Exiting before consuming the expected number of records: timeout (300 ms) exceeded.", tooMany.Out, StringComparison.Ordinal);
        var wrong = await broker.RunAsync("kafka-share-consumer-perf-test", "--topic", "fast");
        Assert.Equal((1, true), (wrong.Status, wrong.Error.StartsWith("Exactly one of the following arguments is required: [messages], [num-records]\n", StringComparison.Ordinal)));
    }

    private async Task ProduceAsync(string group, string topic)
    {
        await broker.RunWithAsync("k1:v1\nk2:v2\nk3:v3\n", "kafka-console-producer", "--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "key.separator=:");
        var configured = await broker.RunAsync("kafka-configs", "--alter", "--entity-type", "groups", "--entity-name", group, "--add-config", "share.auto.offset.reset=earliest");
        Assert.Equal(0, configured.Status);
    }
}
