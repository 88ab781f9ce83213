using System.Diagnostics;
using Barnabas.Client.Producer;
using Barnabas.Client.Tests.Producer;
using Barnabas.Tests.Support;

[assembly: AssemblyFixture(typeof(ApacheKafka))]

namespace Barnabas.Client.Tests.Producer;

/// <summary>One node of Apache Kafka for all tests that ask for it; started by the first of them.</summary>
public sealed class ApacheKafka : IAsyncDisposable
{
    private const string Ready = "Kafka Server started";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-kafka-").FullName;
    private Process? _process;
    private string? _address;

    /// <summary>Where it listens. Skips the test when the jars are not there.</summary>
    internal async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Peers is null, "BARNABAS_PEERS does not name the folder with Apache Kafka.");
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _address ??= await LaunchAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }


    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Peers => Environment.GetEnvironmentVariable("BARNABAS_PEERS");

    private async Task<string> LaunchAsync(CancellationToken cancellationToken)
    {
        var port = FreePorts.Next();
        var start = new ProcessStartInfo(Path.Combine(Peers!, "kafka", "start.sh"), [Path.Combine(_folder, "data"), $"{port}", "group.initial.rebalance.delay.ms=0",
            "group.consumer.min.heartbeat.interval.ms=50", "group.consumer.heartbeat.interval.ms=50", "group.consumer.assignment.interval.ms=0", "group.consumer.min.assignment.interval.ms=0",
            "group.share.min.heartbeat.interval.ms=50", "group.share.heartbeat.interval.ms=50", "group.share.assignment.interval.ms=0", "group.share.min.assignment.interval.ms=0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xmx384m -XX:TieredStopAtLevel=1 -XX:-UsePerfData";
        _process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                ready.TrySetException(new InvalidOperationException("Apache Kafka ended before it was ready."));
            else if (line.Data.Contains(Ready, StringComparison.Ordinal))
                ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
        return $"localhost:{port}";
    }
}
