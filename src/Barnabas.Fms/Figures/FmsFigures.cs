using System.Globalization;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Relaying;

namespace Barnabas.Fms.Figures;

/// <summary>Measures the pipeline against its goals, on a node of its own.</summary>
public static class FmsFigures
{
    private const int WarmUpReadings = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Measures and prints.</summary>
    /// <returns>Whether every goal is met; aims are only shown.</returns>
    /// <exception cref="FmsException">A part does not start.</exception>
    public static async Task<bool> RunAsync(FmsWorld world, FiguresOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(options);
        var folder = Directory.CreateTempSubdirectory("barnabas-fms-").FullName;
        try
        {
            await using var node = new NodeProcess(world, folder, Ports.Choose(0, "the node", world.Environment.Random), connectPort: null);
            await node.StartAsync(stop);
            var report = new FiguresReport();
            await MeasureAsync(world, options, node, report, stop);
            if (options.StoredReadings > 0)
                await StorageFigures.MeasureAsync(world, options, report, stop);
            foreach (var line in report.Lines())
                await world.TellAsync(line);
            return report.MeetsGoals;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(FmsWorld world, FiguresOptions options, NodeProcess node, FiguresReport report, CancellationToken stop)
    {
        string[] servers = [node.BootstrapServer];
        var environment = world.Environment;
        await FmsTopics.CreateAsync(servers, [FmsTopics.SensorData, FmsTopics.SensorAlerts], options.Partitions, environment, stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var relay = new RelayOptions { BootstrapServers = servers, InputTopic = FmsTopics.SensorData, OutputTopic = FmsTopics.SensorAlerts, GroupId = "fms-analyser" };
        var analyser = Relays.AnalyseAsync(relay, new AnalysisOptions(), new RelayProgress(), environment, ending.Token);
        var paced = (int)(options.PacedPerSecond * options.PacedDuration.TotalSeconds);
        var all = WarmUpReadings + paced + options.Readings;
        await using (var generator = new LoadGenerator(servers, FmsTopics.SensorData, options.Devices, isStored: false, environment))
        await using (var verifier = new AlertVerifier(servers, FmsTopics.SensorAlerts, options.Partitions, all, environment))
        {
            await world.TellAsync($"Pipeline: producer -> {FmsTopics.SensorData} -> analyser (moving averages, thresholds, classification) -> {FmsTopics.SensorAlerts} -> consumer that ticks off each reading.");
            await world.TellAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Readings are {generator.ValueBytes} bytes of JSON from {options.Devices} devices; acks=all, idempotent, {options.Partitions} partitions, no compression; node, producer, analyser and consumer share {Environment.ProcessorCount} cores."));
            await Task.WhenAll(generator.SendAsync(WarmUpReadings, 0, stop), verifier.ReadAsync(WarmUpReadings, Patience, stop));
            verifier.ForgetDelays();
            await Task.WhenAll(generator.SendAsync(paced, options.PacedPerSecond, stop), verifier.ReadAsync(WarmUpReadings + paced, Patience, stop));
            report.Delays = verifier.Delays;
            report.PacedPerSecond = options.PacedPerSecond;
            verifier.ForgetDelays();
            var begin = world.Time.GetTimestamp();
            await Task.WhenAll(generator.SendAsync(options.Readings, 0, stop), verifier.ReadAsync(all, Patience, stop));
            report.PerSecond = (options.Readings - (all - verifier.Once)) / world.Time.GetElapsedTime(begin).TotalSeconds;
            (report.Sent, report.Arrived, report.Twice) = (all, verifier.Once, verifier.Twice);
        }

        await ending.CancelAsync();
        await analyser;
    }
}
