using Barnabas.Client;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Filtering;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Fms.Relaying;

/// <summary>The two programs between topics: the analyser and the keyword filter. They begin again by themselves after a failure.</summary>
public static class Relays
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs the analyser until asked to stop.</summary>
    public static Task AnalyseAsync(RelayOptions options, AnalysisOptions analysis, RelayProgress progress, ClientEnvironment environment, CancellationToken stop) =>
        RunAsync(options, () => new AnalyserStage(analysis), progress, environment, stop);

    /// <summary>Runs the keyword filter until asked to stop.</summary>
    /// <exception cref="ArgumentException">There is no keyword, or an empty one.</exception>
    public static Task FilterAsync(RelayOptions options, IReadOnlyList<string> keywords, bool ignoresCase, RelayProgress progress, ClientEnvironment environment, CancellationToken stop)
    {
        var filter = new KeywordFilter(keywords, ignoresCase);
        return RunAsync(options, () => new FilterStage(filter), progress, environment, stop);
    }

    private static async Task RunAsync(RelayOptions options, Func<IRecordStage> stage, RelayProgress progress, ClientEnvironment environment, CancellationToken stop)
    {
        var logger = environment.LoggerFactory.CreateLogger("Barnabas.Fms.Relay");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var relay = new RecordRelay(options, stage(), progress, environment);
                await relay.RunAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is KafkaException or OperationCanceledException)
            {
                RelayLog.Restarting(logger, options.InputTopic, options.OutputTopic, error.Message, Pause.TotalMilliseconds);
                await Task.Delay(Pause, environment.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
