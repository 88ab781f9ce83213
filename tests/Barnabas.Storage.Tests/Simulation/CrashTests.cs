using System.Diagnostics;
using System.Globalization;

namespace Barnabas.Storage.Tests.Simulation;

public class CrashTests(ITestOutputHelper output)
{
    private const int CrashesPerSeed = 5;
    private const int DefaultSeeds = 1500;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(40);

    [Fact]
    public void Whatever_a_crash_leaves_the_log_is_what_was_acknowledged()
    {
        if (Number("BARNABAS_SEED") is { } one)
        {
            RunSeed(one);
            return;
        }

        // For long runs: BARNABAS_SEEDS from BARNABAS_FIRST_SEED on, however long they take.
        var wanted = Number("BARNABAS_SEEDS");
        var first = Number("BARNABAS_FIRST_SEED") ?? 0;
        var clock = Stopwatch.StartNew();
        var crashes = 0;
        var seeds = 0;
        for (; seeds < (wanted ?? DefaultSeeds) && (wanted is not null || clock.Elapsed < Budget); seeds++)
            crashes += RunSeed(first + seeds);
        output.WriteLine($"{crashes} crash points over {seeds} seeds from {first} in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(wanted is not null || crashes >= 1000, $"only {crashes} crash points in {clock.Elapsed}");
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static int RunSeed(int seed)
    {
        using var simulation = new CrashSimulation(seed);
        try
        {
            simulation.Run(CrashesPerSeed);
        }
        catch (Exception e)
        {
            throw new InvariantViolation($"seed {seed}, crash {simulation.Crashes} (replay with BARNABAS_SEED={seed}): {e.Message}\n{string.Join('\n', simulation.Trace.TakeLast(40))}\n{e}");
        }

        return simulation.Crashes;
    }
}
