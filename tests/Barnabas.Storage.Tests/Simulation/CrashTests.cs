using System.Diagnostics;
using System.Globalization;

namespace Barnabas.Storage.Tests.Simulation;

public class CrashTests(ITestOutputHelper output)
{
    private const int CrashesPerSeed = 5;
    private const int Seeds = 1000;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    [Fact]
    public void Whatever_a_crash_leaves_the_log_is_what_was_acknowledged()
    {
        if (Environment.GetEnvironmentVariable("BARNABAS_SEED") is { Length: > 0 } text)
        {
            RunSeed(int.Parse(text, CultureInfo.InvariantCulture));
            return;
        }

        var clock = Stopwatch.StartNew();
        var crashes = 0;
        var seed = 0;
        for (; seed < Seeds && clock.Elapsed < Budget; seed++)
            crashes += RunSeed(seed);
        output.WriteLine($"{crashes} crash points over {seed} seeds in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(crashes >= 1000, $"only {crashes} crash points in {clock.Elapsed}");
    }

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
