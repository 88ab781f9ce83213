namespace Barnabas.Interop.Tests;

/// <summary>A fast, chosen part of Apache Kafka's own integration suites, run against this checkout's commands.</summary>
public sealed class KafkaSuiteTests
{
    [Theory]
    [InlineData("tools", "TopicCommandTest", "testCreate|testDelete")]
    [InlineData("tools", "ListConsumerGroupTest|DeleteConsumerGroupsTest", ".")]
    [InlineData("clients", "ConsumerTopicCreationTest", ".")]
    [InlineData("clients", "ProducerCompressionTest|LogAppendTimeTest", ".")]
    public async Task What_passes_on_one_node_of_Apache_Kafka_passes_here(string suite, string @class, string method)
    {
        var suites = Path.Combine(Peers.Folder(), "kafka-suites", "run.sh");
        Assert.SkipUnless(File.Exists(suites), $"no {suites}");
        var output = Directory.CreateTempSubdirectory("barnabas-suite-").FullName;
        try
        {
            var result = await Command.RunAsync("bash", [suites, "--broker-home", Distribution.Barnabas.Home, "--one-node", "--only-baseline", "--suite", suite, "--class", @class, "--method", method, "--out", output],
                environment: new Dictionary<string, string> { ["KAFKA_LIBS"] = Path.Combine(Distribution.ApacheKafka().Home, "libs") }, patience: TimeSpan.FromMinutes(5));
            var failed = result.Lines.Where(line => line.StartsWith("FAIL ", StringComparison.Ordinal) || line.StartsWith("TIMEOUT ", StringComparison.Ordinal) || line.StartsWith("NOTRUN ", StringComparison.Ordinal)).ToList();
            Assert.True(failed.Count == 0, string.Join('\n', failed));
            Assert.Contains(result.Lines, line => line.StartsWith("PASS ", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
