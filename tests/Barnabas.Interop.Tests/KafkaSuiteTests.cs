namespace Barnabas.Interop.Tests;

/// <summary>A fast, chosen part of Apache Kafka's own integration suites, run against this checkout's commands; <c>tests/suites.sh</c> runs all of them.</summary>
public sealed class KafkaSuiteTests
{
    private const string Classes = "TopicCommandTest|ConsumerTopicCreationTest|OffsetCommitRequestTest|WriteTxnMarkersRequestTest|TxnOffsetCommitRequestTest|"
        + "ShareGroupDescribeRequestTest|ShareFetchAcknowledgeRequestTest|StreamsGroupDescribeRequestTest";

    // Of the tests of kafka-topics those that create, delete and list.
    private const string Methods = "^(?!testAlter|testDescribe)";

    [Fact]
    public async Task What_passes_on_one_node_of_Apache_Kafka_passes_here()
    {
        var suites = Path.Combine(Peers.Folder(), "kafka-suites", "run.sh");
        Assert.SkipUnless(File.Exists(suites), $"no {suites}");
        var output = Directory.CreateTempSubdirectory("barnabas-suite-").FullName;
        try
        {
            // Two classes at a time: most of an invocation is waiting.
            var result = await Command.RunAsync("bash", [suites, "--broker-home", Distribution.Barnabas.Home, "--one-node", "--only-baseline", "--suite", "all", "--class", $@"\.({Classes})$", "--method", Methods, "--jobs", "2", "--out", output],
                environment: new Dictionary<string, string> { ["KAFKA_LIBS"] = Path.Combine(Distribution.ApacheKafka().Home, "libs") }, patience: TimeSpan.FromMinutes(4));
            var failed = result.Lines.Where(line => line.StartsWith("FAIL ", StringComparison.Ordinal) || line.StartsWith("TIMEOUT ", StringComparison.Ordinal) || line.StartsWith("NOTRUN ", StringComparison.Ordinal)).ToList();
            Assert.True(failed.Count == 0, string.Join('\n', failed));
            foreach (var name in Classes.Split('|'))
                Assert.Contains(result.Lines, line => line.StartsWith($"PASS {name}.", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
