using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class ConsoleToolsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const string Timeout = "[0-9 :,-]+\\] ERROR Error processing message, terminating consumer process:  \\(org.apache.kafka.tools.consumer.ConsoleConsumer\\)\norg.apache.kafka.common.errors.TimeoutException\n";

    [Fact]
    public async Task Every_part_of_a_record_goes_in_and_comes_out()
    {
        var sent = await broker.RunWithAsync(
            "h1:v1,h2:v2\tk1\tv1\nh1:NULL\tNULL\tNULL\n", "kafka-console-producer", "--topic", "parts", "--reader-property", "parse.key=true",
            "--reader-property", "parse.headers=true", "--reader-property", "null.marker=NULL", "--timeout", "0");
        Assert.Equal((0, "", ""), (sent.Status, sent.Out, sent.Error));
        var read = await ConsumeAsync(
            "parts", "--max-messages", "2", "--formatter-property", "print.key=true", "--formatter-property", "print.headers=true", "--formatter-property", "print.timestamp=true",
            "--formatter-property", "print.offset=true", "--formatter-property", "print.partition=true", "--formatter-property", "print.epoch=true", "--formatter-property", "print.delivery=true");
        Assert.Matches(
            "^CreateTime:[0-9]{13}\tPartition:0\tOffset:0\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\th1:v1,h2:v2\tk1\tv1\n"
            + "CreateTime:[0-9]{13}\tPartition:0\tOffset:1\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\th1:null\tnull\tnull\n$", read.Out);
        Assert.Equal((0, "Processed a total of 2 messages\n"), (read.Status, read.Error));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Text_of_all_languages_comes_back_as_it_was(string codec)
    {
        Assert.Equal(0, (await broker.RunWithAsync("hello\r\n안녕\n\nlast", "kafka-console-producer", "--topic", $"text-{codec}", "--compression-codec", codec)).Status);
        Assert.Equal("hello\n안녕\n\nlast\n", (await ConsumeAsync($"text-{codec}", "--max-messages", "4")).Out);
    }

    [Fact]
    public async Task A_synchronous_producer_sends_one_by_one()
    {
        var sent = await VerbRun.RunWithAsync("a\nb\n", "kafka-console-producer", "--broker-list", broker.Servers, "--topic", "sync", "--sync");
        Assert.Equal((0, ""), (sent.Status, sent.Error));
        Assert.Equal("a\nb\n", (await ConsumeAsync("sync", "--max-messages", "2")).Out);
    }

    [Fact]
    public async Task A_line_without_its_key_ends_the_producer_and_those_before_are_sent()
    {
        var sent = await broker.RunWithAsync("k\tv\nnokey\n", "kafka-console-producer", "--topic", "nokey", "--property", "parse.key=true");
        Assert.Equal(
            (1, "Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.\n", "No key separator found on line number 2: 'nokey'\n"),
            (sent.Status, sent.Out, sent.Error));
        Assert.Equal("v\n", (await ConsumeAsync("nokey", "--max-messages", "1")).Out);
    }

    [Fact]
    public async Task A_record_that_is_not_delivered_is_told_of_and_fails_the_call()
    {
        var sent = await broker.RunWithAsync("x\n", "kafka-console-producer", "--topic", "bad topic");
        Assert.Equal(1, sent.Status);
        Assert.Contains("ERROR Error when sending message to topic bad topic with key: null, value: 1 bytes with error: Invalid topics: [bad topic] (org.apache.kafka.tools.ConsoleProducer)\n", sent.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Missing required argument \"[topic]\"\n", "--bootstrap-server", "localhost:1")]
    [InlineData("Error while validating the bootstrap address\n", "--topic", "t")]
    [InlineData("Please provide valid host:port like host1:9091,host2:9092\n", "--topic", "t", "--bootstrap-server", "localhost")]
    [InlineData("Options --reader-property and --property cannot be specified together.\n", "--topic", "t", "--reader-property", "a=b", "--property", "a=b")]
    [InlineData("Cannot parse argument 'x' of option batch-size\n", "--topic", "t", "--bootstrap-server", "localhost:1", "--batch-size", "x")]
    public async Task The_producer_refuses_what_does_not_go_together(string expected, params string[] arguments)
    {
        var run = await VerbRun.RunAsync(["kafka-console-producer", .. arguments]);
        Assert.Equal((1, expected), (run.Status, run.Error));
    }

    [Theory]
    [InlineData("Exactly one of the following arguments is required: [topic], [include]\n", "--bootstrap-server", "localhost:1")]
    [InlineData("The partition is required when offset is specified.\n", "--topic", "t", "--offset", "1")]
    [InlineData("Options group and partition cannot be specified together.\n", "--topic", "t", "--partition", "0", "--group", "g", "--bootstrap-server", "localhost:1")]
    [InlineData("The provided offset value '-5' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.\n", "--topic", "t", "--partition", "0", "--offset=-5", "--bootstrap-server", "localhost:1")]
    [InlineData("Options --property and --formatter-property cannot be specified together.\n", "--topic", "t", "--bootstrap-server", "localhost:1", "--property", "a=b", "--formatter-property", "a=b")]
    [InlineData("no.such.Class\n", "--topic", "t", "--bootstrap-server", "localhost:1", "--formatter", "no.such.Class")]
    public async Task The_consumer_refuses_what_does_not_go_together(string expected, params string[] arguments)
    {
        var run = await VerbRun.RunAsync(["kafka-console-consumer", .. arguments]);
        Assert.Equal((1, expected), (run.Status, run.Error));
    }

    [Fact]
    public async Task A_group_goes_on_behind_the_last_record_that_was_printed()
    {
        await broker.RunWithAsync("1\n2\n3\n4\n5\n", "kafka-console-producer", "--topic", "steps", "--timeout", "0");
        Assert.Equal("1\n2\n", (await ConsumeAsync("steps", "--group", "stepping", "--max-messages", "2")).Out);
        Assert.Equal("3\n4\n", (await ConsumeAsync("steps", "--group", "stepping", "--max-messages", "2")).Out);
        Assert.Equal("5\n", (await ConsumeAsync("steps", "--group", "stepping", "--max-messages", "1")).Out);
    }

    [Fact]
    public async Task A_partition_is_read_from_an_offset()
    {
        await broker.RunWithAsync("0\n1\n2\n3\n", "kafka-console-producer", "--topic", "places", "--timeout", "0");
        var read = await broker.RunAsync("kafka-console-consumer", "--topic", "places", "--partition", "0", "--offset", "2", "--max-messages", "2");
        Assert.Equal("2\n3\n", read.Out);
    }

    [Fact]
    public async Task Silence_ends_the_consumer_without_failing_it()
    {
        await broker.RunWithAsync("only\n", "kafka-console-producer", "--topic", "silent", "--timeout", "0");
        var read = await ConsumeAsync("silent", "--timeout-ms", "500", "--enable-systest-events");
        Assert.Equal((0, "only\nshutdown_complete\n"), (read.Status, read.Out));
        Assert.Matches($"{Timeout}Processed a total of 1 messages\n$", read.Error);
    }

    [Fact]
    public async Task A_record_that_cannot_be_deserialized_ends_the_consumer_or_is_skipped()
    {
        await broker.RunWithAsync("abc\nabcd\n", "kafka-console-producer", "--topic", "numbers", "--timeout", "0");
        string[] numbers = ["--max-messages", "2", "--formatter-property", "value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer"];
        var stopped = await ConsumeAsync("numbers", numbers);
        Assert.Equal(
            (1, "Processed a total of 1 messages\nError processing message of numbers-0 at offset 0: Size of data received by IntegerDeserializer is not 4\n"),
            (stopped.Status, stopped.Error));
        var skipped = await ConsumeAsync("numbers", [.. numbers, "--skip-message-on-error"]);
        Assert.Equal((0, "1633837924\n"), (skipped.Status, skipped.Out));
        Assert.Contains("ERROR Error processing message, skipping this message: Size of data received by IntegerDeserializer is not 4", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_are_chosen_by_a_pattern()
    {
        await broker.RunWithAsync("x\n", "kafka-console-producer", "--topic", "pattern-x", "--timeout", "0");
        await broker.RunWithAsync("y\n", "kafka-console-producer", "--topic", "pattern-y", "--timeout", "0");
        var read = await broker.RunAsync("kafka-console-consumer", "--include", "pattern-.", "--from-beginning", "--max-messages", "2");
        Assert.Equal(["x", "y"], read.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Committed_offsets_are_printed_as_the_original_prints_them()
    {
        await broker.RunWithAsync("1\n", "kafka-console-producer", "--topic", "committed", "--timeout", "0");
        await ConsumeAsync("committed", "--group", "committing", "--max-messages", "1");
        var offsets = await ConsumeAsync("__consumer_offsets", "--timeout-ms", "1000", "--formatter", "org.apache.kafka.tools.consumer.OffsetsMessageFormatter");
        Assert.Matches(
            "\\{\"key\":\\{\"type\":1,\"data\":\\{\"group\":\"committing\",\"topic\":\"committed\",\"partition\":0\\}\\},\"value\":\\{\"version\":4,\"data\":\\{\"offset\":1,\"leaderEpoch\":-?[0-9]+,\"metadata\":\"\",\"commitTimestamp\":[0-9]{13},\"topicId\":\"[^\"]{22}\"\\}\\}\\}",
            offsets.Out);
        var groups = await ConsumeAsync("__consumer_offsets", "--timeout-ms", "1000", "--formatter", "org.apache.kafka.tools.consumer.GroupMetadataMessageFormatter");
        Assert.Contains("{\"key\":{\"type\":2,\"data\":{\"group\":\"committing\"}},\"value\":{\"version\":3,\"data\":{\"protocolType\":", groups.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\"type\":1", groups.Out, StringComparison.Ordinal);
    }

    private Task<VerbRun> ConsumeAsync(string topic, params string[] arguments) =>
        broker.RunAsync("kafka-console-consumer", ["--topic", topic, "--from-beginning", .. arguments]);
}
