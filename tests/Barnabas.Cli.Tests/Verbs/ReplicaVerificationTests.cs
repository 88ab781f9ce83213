using Barnabas.Cli.Framework;
using Barnabas.Cli.Tests.Support;
using Barnabas.Cli.Verbs.Replication;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class ReplicaVerificationTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public async Task The_replicas_of_a_node_are_read_to_their_end_and_reported_until_it_is_stopped()
    {
        Assert.Equal(0, (await broker.RunAsync("kafka-topics", "--create", "--topic", "verified", "--partitions", "1")).Status);
        Assert.Equal(0, (await broker.RunWithAsync("a\nb\nc\n", "kafka-console-producer", "--topic", "verified")).Status);
        using var stop = new CancellationTokenSource();
        await using var output = new StopWriter("max lag is 0 for partition verified-0 at offset 3 among 1 partitions", stop);
        var status = await VerbRunner.RunAsync(
            new VerbContext { Input = Stream.Null, Out = output, OutputStream = Stream.Null, Error = output, Home = "", LogDirectory = "", IsTerminal = false, Stop = stop.Token },
            ["kafka-replica-verification", "--broker-list", broker.Servers, "--topics-include", "verified", "--time", "-2", "--max-wait-ms", "10", "--report-interval-ms", "1"]);
        Assert.True(status is 0 or 130, output.ToString());
        Assert.Contains(": verification process is started\n", output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var none = await VerbRun.RunAsync("kafka-replica-verification", "--broker-list", broker.Servers, "--topics-include", "nosuch");
        Assert.Equal((1, "No topics found. [topics-include] if specified, is either filtering out all topics or there is no topic.\n"), (none.Status, none.Error));
    }

    [Fact]
    public void Replicas_that_differ_are_told_and_those_that_lag_are_waited_for()
    {
        var check = new ReplicaComparison(Partition, [1, 2]);
        check.Take(1, Batch(0, "a"), 2);
        Assert.Empty(check.Compare());
        Assert.Equal(0, check.Offset);
        check.Take(1, new byte[][] { Batch(0, "a"), Batch(1, "b") }.SelectMany(b => b).ToArray(), 2);
        check.Take(2, Batch(0, "a"), 1);
        Assert.Empty(check.Compare());
        Assert.Equal((1L, 1L), (check.Offset, check.Lag));
        check.Take(1, Batch(1, "b"), 2);
        check.Take(2, Batch(1, "c"), 2);
        Assert.StartsWith("partition t-0 has unmatched checksum at offset 1; replica 1's checksum ", Assert.Single(check.Compare()), StringComparison.Ordinal);
        check.Take(1, Batch(2, "b"), 4);
        check.Take(2, Batch(3, "b"), 4);
        Assert.Equal("partition t-0: replica 1's offset 2 doesn't match replica 2's offset 3", Assert.Single(check.Compare()));
    }

    private static byte[] Batch(long offset, string value)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { BaseOffset = offset });
        builder.Append(1_750_000_000_000, null, System.Text.Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }

    /// <summary>Stops the tool once it has printed a text.</summary>
    private sealed class StopWriter(string awaited, CancellationTokenSource stop) : StringWriter
    {
        public override Task FlushAsync()
        {
            if (ToString().Contains(awaited, StringComparison.Ordinal))
                stop.Cancel();
            return Task.CompletedTask;
        }
    }
}
