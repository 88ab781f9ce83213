using System.Diagnostics;

namespace Barnabas.Metadata.Tests;

/// <summary>Apache Kafka's tools and server, from the folder that BARNABAS_PEERS names.</summary>
internal static class ApacheKafka
{
    private static string Run => Path.Combine(Environment.GetEnvironmentVariable("BARNABAS_PEERS")!, "kafka", "run.sh");

    public static void Require() => Assert.SkipWhen(
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("BARNABAS_PEERS")), "BARNABAS_PEERS is not set: no Apache Kafka to exchange files with");

    public static async Task<string> ToolAsync(string mainClass, params string[] arguments)
    {
        using var process = Start(mainClass, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return await output + await errors;
    }

    /// <summary>Runs a server while something is done with it, whose first call waits for it, and stops it.</summary>
    public static async Task ServeAsync(string propertiesFile, Func<Task> whileItRuns)
    {
        using var process = Start("kafka.Kafka", [propertiesFile]);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var exited = process.WaitForExitAsync();
        try
        {
            var work = whileItRuns();
            if (await Task.WhenAny(work, exited) == exited) Assert.Fail("Apache Kafka ended: " + await output + await errors);
            await work;
        }
        finally
        {
            if (!process.HasExited)
            {
                using var kill = Process.Start("kill", [process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync();
            }
            await exited.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private static Process Start(string mainClass, string[] arguments) => Process.Start(new ProcessStartInfo("bash", [Run, mainClass, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx512m -XX:TieredStopAtLevel=1" },
    })!;
}
