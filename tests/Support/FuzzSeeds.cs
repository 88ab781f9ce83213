using System.Diagnostics;
using System.Globalization;

namespace Barnabas.Tests.Support;

/// <summary>
/// The seeds of a fuzzer: those that are committed, or the one of BARNABAS_FUZZ_SEED; then fresh ones for BARNABAS_FUZZ_SECONDS.
/// <c>tests/fuzz.sh</c> runs all fuzzers so.
/// </summary>
internal static class FuzzSeeds
{
    public static IEnumerable<int> From(params int[] committed)
    {
        if (Number("BARNABAS_FUZZ_SEED") is { } one)
        {
            yield return one;
            yield break;
        }
        foreach (var seed in committed)
            yield return seed;
        var watch = Stopwatch.StartNew();
        var fresh = new Random();
        while (watch.Elapsed.TotalSeconds < (Number("BARNABAS_FUZZ_SECONDS") ?? 0))
            yield return fresh.Next();
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
