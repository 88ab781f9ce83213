using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;
using Barnabas.Cli.Verbs.Performance;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class PerformanceToolsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const string Totals = " records sent, [0-9]+\\.[0-9]{6} records/sec \\([0-9]+\\.[0-9]{2} MB/sec\\), [0-9]+\\.[0-9]{2} ms avg latency, [0-9]+\\.[0-9]{2} ms max latency, [0-9]+ ms 50th, [0-9]+ ms 95th, [0-9]+ ms 99th, [0-9]+ ms 99.9th\\.\n";

    [Fact]
    public async Task Records_are_written_and_read_with_the_lines_of_the_original()
    {
        var written = await broker.RunAsync("kafka-producer-perf-test", "--topic", "perf", "--num-records", "2000", "--record-size", "50", "--throughput", "-1", "--warmup-records", "500");
        Assert.Matches($"^Warmup first 500 records. Steady state results will print after the complete test summary.\n2000{Totals}1500 steady state{Totals}$", written.Out);
        Assert.Equal((0, ""), (written.Status, written.Error));
        var read = await broker.RunAsync("kafka-consumer-perf-test", "--topic", "perf", "--num-records", "1500");
        Assert.Matches(
            "^start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec\n"
            + "[0-9-]{10} [0-9:]{12}, [0-9-]{10} [0-9:]{12}, 0\\.0715, [0-9.]+, 1500, [0-9.]+, [0-9]+, -?[0-9]+, [0-9.-]+, [0-9.-]+\n$", read.Out);
    }

    [Fact]
    public async Task Records_come_from_a_file_or_are_numbers()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "only\n");
        var fromFile = await broker.RunAsync("kafka-producer-perf-test", "--topic", "payloads", "--num-records", "2", "--payload-file", file, "--throughput", "1000");
        File.Delete(file);
        Assert.StartsWith($"Reading payloads from: {file}\nNumber of records read: 1\n2 records sent", fromFile.Out, StringComparison.Ordinal);
        await broker.RunAsync("kafka-producer-perf-test", "--topic", "payloads", "--num-records", "2", "--payload-monotonic", "--throughput", "-1");
        Assert.Equal("only\nonly\n0\n1\n", (await broker.RunAsync("kafka-console-consumer", "--topic", "payloads", "--from-beginning", "--max-messages", "4")).Out);
    }

    [Fact]
    public async Task Too_few_records_are_warned_of()
    {
        await broker.RunAsync("kafka-producer-perf-test", "--topic", "few", "--num-records", "3", "--record-size", "5", "--throughput", "-1");
        var read = await broker.RunAsync("kafka-consumer-perf-test", "--topic", "few", "--messages", "10", "--timeout", "500", "--hide-header");
        Assert.StartsWith(
            "Warning: --messages is deprecated. Use --num-records instead.\nWARNING: Exiting before consuming the expected number of records: timeout (500 ms) exceeded. You can use the --timeout option to increase the timeout.\n",
            read.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--num-records should be greater than zero.", "--num-records", "0", "--record-size", "1")]
    [InlineData("argument --payload-monotonic: not allowed with argument --record-size", "--num-records", "1", "--record-size", "1", "--payload-monotonic")]
    [InlineData("one of the arguments --record-size --payload-file --payload-monotonic is required", "--num-records", "1")]
    public async Task The_producers_arguments_are_checked(string expected, params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-producer-perf-test", ["--topic", "t", "--throughput", "-1", .. arguments]);
        Assert.StartsWith("usage: kafka-producer-perf-test", run.Error, StringComparison.Ordinal);
        // Lines are broken and justified: blanks say nothing.
        Assert.EndsWith($":error:{expected.Replace(" ", "", StringComparison.Ordinal)}", Regex.Replace(run.Error, "\\s", ""), StringComparison.Ordinal);
        Assert.Equal(1, run.Status);
    }

    [Fact]
    public async Task Latency_is_measured_from_end_to_end()
    {
        var first = await VerbRun.RunAsync("kafka-e2e-latency", broker.Servers, "latency", "2", "1", "20");
        Assert.Matches(
            "^WARNING: Positional argument usage is deprecated .*\nTopic \"latency\" does not exist. Will create topic with 1 partition\\(s\\) and replication factor = 1\n"
            + "0\t[0-9.E-]+\nAvg latency: [0-9]+\\.[0-9]{4} ms\nPercentiles: 50th = [0-9]+, 99th = [0-9]+, 99.9th = [0-9]+\n$", first.Out);
        var named = await broker.RunAsync(
            "kafka-e2e-latency", "--topic", "latency", "--num-records", "2", "--producer-acks", "all", "--record-size", "20", "--record-key-size", "5",
            "--num-headers", "2", "--record-header-key-size", "4", "--record-header-size", "-1");
        Assert.Equal((0, ""), (named.Status, named.Error));
    }

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss:SSS", "2026-11-21 16:05:09:007")]
    [InlineData("HH 'o''clock'", "16 oclock")]
    [InlineData("h:mm a", "4:05 PM")]
    [InlineData("d", "21")]
    public void Times_follow_a_pattern_of_Java(string pattern, string expected) =>
        Assert.Equal(expected, new JavaDateFormat(pattern, new UtcClock()).Format(new DateTimeOffset(2026, 11, 21, 16, 5, 9, 7, TimeSpan.Zero)));

    private sealed class UtcClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
