using System.Diagnostics;
using System.Globalization;
using Barnabas.Tests.Support;

namespace Barnabas.Storage.Tests.Interop;

/// <summary>Apache Kafka from the folder that BARNABAS_PEERS names: its node on a directory, its clients and its tools.</summary>
internal static class ApacheKafka
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Folder => Path.Combine(Environment.GetEnvironmentVariable("BARNABAS_PEERS")!, "kafka");

    private static string ClassPath => Path.Combine(Folder, "libs", "*");

    public static void Require(bool compiler = false)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("BARNABAS_PEERS") is { Length: > 0 } && Directory.Exists(Path.Combine(Folder, "libs")),
            "BARNABAS_PEERS names no folder with kafka/libs (Apache Kafka's jars)");
        Assert.SkipWhen(
            compiler && !Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(static p => File.Exists(Path.Combine(p, "javac"))),
            "javac is not installed (Debian package openjdk-17-jdk-headless)");
    }

    /// <summary>Runs a node on a directory while the clients' <c>KafkaExchange</c> does something with it; returns what that printed.</summary>
    /// <param name="directory">Where <c>logs</c> is.</param>
    /// <param name="verb"><c>write</c> or <c>read</c>.</param>
    /// <param name="kill">Whether the node ends by SIGKILL rather than SIGTERM.</param>
    public static async Task<string> RunNodeAsync(string directory, string verb, bool kill)
    {
        var port = FreePorts.Next();
        var log = Path.Combine(directory, "node.out");
        using var node = Start(
            "bash",
            "-c",
            string.Create(CultureInfo.InvariantCulture, $"exec '{Folder}/start.sh' '{directory}' {port} transaction.state.log.num.partitions=1 group.coordinator.append.linger.ms=0 >>'{log}' 2>&1"));
        try
        {
            return await OutputAsync("java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", ClassPath, Path.Combine(AppContext.BaseDirectory, "Interop", "KafkaExchange.java"), verb, $"localhost:{port}");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Join('\n', (await File.ReadAllLinesAsync(log)).TakeLast(40)), e);
        }
        finally
        {
            if (kill)
                node.Kill();
            else
                await OutputAsync("kill", "-TERM", node.Id.ToString(CultureInfo.InvariantCulture));
            await node.WaitForExitAsync().WaitAsync(Patience);
        }
    }

    /// <summary>kafka-dump-log; fails when it complains of anything.</summary>
    public static async Task<string> DumpAsync(IEnumerable<string> files, string option)
    {
        var output = await OutputAsync("java", "-XX:TieredStopAtLevel=1", "-Xmx256M", "-cp", ClassPath, "org.apache.kafka.tools.DumpLogSegments", option, "--files", string.Join(',', files));
        foreach (var complaint in new[] { "mismatch", "Mismatches in", "Non-consecutive", "out of order", "Exception", "Could not", "isvalid: false" })
            Assert.False(output.Contains(complaint, StringComparison.OrdinalIgnoreCase), output);
        return output;
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)}: {await output}{await errors}");
        }

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(await errors + await output);
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx512m -XX:TieredStopAtLevel=1" },
    })!;
}
