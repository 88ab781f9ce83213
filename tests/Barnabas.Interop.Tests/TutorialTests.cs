namespace Barnabas.Interop.Tests;

/// <summary>The walk of the field's tutorials, typed as they stand.</summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task Hello_kafka_goes_from_one_terminal_to_the_other()
    {
        var barnabas = Distribution.Barnabas;
        using var folder = new DataFolder();
        (await barnabas.RunAsync("zookeeper-server-start", "-daemon", Path.Combine(barnabas.Home, "config", "zookeeper.properties"))).EnsureSuccess();
        await using var server = await ServerProcess.StartAsync(barnabas, folder);
        string[] at = ["--bootstrap-server", server.Bootstrap];
        Assert.Contains("Created topic hello-kafka.", (await barnabas.RunAsync("kafka-topics", [.. at, "--create", "--topic", "hello-kafka", "--partitions", "1", "--replication-factor", "1"])).EnsureSuccess().Output);
        Assert.Contains("hello-kafka", (await barnabas.RunAsync("kafka-topics", [.. at, "--list"])).EnsureSuccess().Lines);
        Assert.Contains("PartitionCount: 1", (await barnabas.RunAsync("kafka-topics", [.. at, "--describe", "--topic", "hello-kafka"])).EnsureSuccess().Output);
        var consuming = barnabas.RunAsync("kafka-console-consumer", [.. at, "--topic", "hello-kafka", "--from-beginning", "--max-messages", "3"]);
        (await Command.RunAsync(barnabas.Tool("kafka-console-producer"), ["--broker-list", server.Bootstrap, "--topic", "hello-kafka"], "hello\nworld\n안녕\n")).EnsureSuccess();
        Assert.Equal(["hello", "world", "안녕"], (await consuming).EnsureSuccess().Lines);
        var stopped = await server.StopAsync();
        Assert.True(stopped < TimeSpan.FromSeconds(10), $"an idle node took {stopped.TotalSeconds:F1} s to stop");
    }

    [Fact]
    public async Task Nonsense_on_the_command_line_gets_one_line_and_a_failure()
    {
        var result = await Distribution.Barnabas.RunAsync("kafka-topics", "--no-such-flag");
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("   at ", result.Output + result.Error);
        Assert.NotEmpty(result.Output + result.Error);
    }
}
