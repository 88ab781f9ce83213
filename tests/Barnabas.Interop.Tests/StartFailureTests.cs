using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Barnabas.Interop.Tests;

/// <summary>A node that cannot start says why in one line, at once, and ends with a status that is not zero; one that is asked to stop while it starts does so.</summary>
public sealed class StartFailureTests
{
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var folder = new DataFolder();
        await FormatAsync(folder);
        using var other = new TcpListener(IPAddress.Loopback, folder.Port);
        other.Start();
        await AssertFailsAsync(folder, $"Socket server failed to bind to localhost:{folder.Port}: Address already in use.");
    }

    [Fact]
    public async Task A_directory_in_use_is_told_in_one_line()
    {
        using var folder = new DataFolder();
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        await AssertFailsAsync(folder, $"Failed to acquire lock on file .lock in {folder.LogDirectory}. A Kafka instance in another process or thread is using this directory.");
    }

    [Fact]
    public async Task Another_nodes_directory_is_told_in_one_line()
    {
        using var folder = new DataFolder();
        await FormatAsync(folder);
        var identity = Path.Combine(folder.LogDirectory, "meta.properties");
        await File.WriteAllTextAsync(identity, (await File.ReadAllTextAsync(identity, TestContext.Current.CancellationToken)).Replace("node.id=1", "node.id=7", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await AssertFailsAsync(folder, $"Stored node id 7 doesn't match previous node id 1 in {folder.LogDirectory}. If you moved your data, make sure your configured node id matches.");
    }

    [Theory]
    [InlineData("process.roles=broker", "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role")]
    [InlineData("process.roles=controller", "The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller")]
    [InlineData("num.partitions=many", "Invalid value many for configuration num.partitions: Not a number of type INT")]
    public async Task A_configuration_that_does_not_work_is_told_in_one_line(string setting, string reason)
    {
        using var folder = new DataFolder();
        await FormatAsync(folder);
        await File.AppendAllLinesAsync(folder.Properties, [setting], TestContext.Current.CancellationToken);
        await AssertFailsAsync(folder, reason);
    }

    [Fact]
    public async Task A_folder_in_place_of_the_configuration_is_told_in_one_line()
    {
        var run = await Command.RunAsync(Distribution.Barnabas.Tool("kafka-server-start"), [Path.GetTempPath()], patience: Quickly);
        Assert.Equal((1, $"{Path.GetTempPath()} (Is a directory)\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_signal_to_stop_ends_a_node_at_any_moment_of_its_start()
    {
        using var folder = new DataFolder();
        await FormatAsync(folder);
        foreach (var delay in (int[])[100, 200, 300, 400, 600])
        {
            var start = new ProcessStartInfo(Distribution.Barnabas.Tool("kafka-server-start")) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(folder.Properties);
            start.Environment["LOG_DIR"] = folder.Path;
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(Quickly);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), limit.Token);
            using (var kill = Process.Start("kill", ["-TERM", "--", $"{process.Id}"]))
                await kill.WaitForExitAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            // 143: the signal came before there was a handler.
            Assert.True(process.ExitCode is 0 or 143, $"after {delay} ms: status {process.ExitCode}\n{await output}\n{await error}");
            Assert.Equal("", await error);
        }
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
    }

    private static async Task FormatAsync(DataFolder folder) =>
        (await Distribution.Barnabas.RunAsync("kafka-storage", "format", "--standalone", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", folder.Properties)).EnsureSuccess();

    private static async Task AssertFailsAsync(DataFolder folder, string reason)
    {
        var run = await Command.RunAsync(
            Distribution.Barnabas.Tool("kafka-server-start"), [folder.Properties], environment: new Dictionary<string, string> { ["LOG_DIR"] = folder.Path }, patience: Quickly);
        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }
}
