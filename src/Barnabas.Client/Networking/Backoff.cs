namespace Barnabas.Client.Networking;

/// <summary>Kafka's exponential back-off: doubles from the first pause to the longest, each with 20 % jitter either way (KIP-580). Thread-safe.</summary>
public sealed class Backoff(TimeSpan initial, TimeSpan max, Random random)
{
    private const double Jitter = 0.2;

    /// <summary>The pause after a number of failures, 1 and up.</summary>
    public TimeSpan After(int failures)
    {
        var exponent = Math.Min(Math.Max(failures, 1) - 1, 30);
        var milliseconds = Math.Min(initial.TotalMilliseconds * Math.Pow(2, exponent), Math.Max(initial.TotalMilliseconds, max.TotalMilliseconds));
        double chance;
        lock (random) chance = random.NextDouble();
        return TimeSpan.FromMilliseconds(milliseconds * (1 - Jitter + 2 * Jitter * chance));
    }
}
