using Barnabas.Protocol;

namespace Barnabas.Broker.Telemetry;

/// <summary>How many requests of each API and version there were and how long they took, from the whole request's arrival to its response. Safe from any thread.</summary>
internal sealed class RequestMetrics(TimeProvider time)
{
    private const int Apis = 128;
    private const int Versions = 32;

    private readonly LatencyHistogram?[] _histograms = new LatencyHistogram?[Apis * Versions];

    /// <summary>Counts a request: one interlocked add.</summary>
    public void Record(ApiKey key, short version, long began)
    {
        var index = ((int)key * Versions) + version;
        if ((uint)index >= (uint)_histograms.Length || (uint)version >= Versions)
            return;
        var histogram = Volatile.Read(ref _histograms[index]) ?? Create(index);
        histogram.Record((time.GetTimestamp() - began) * 1_000_000 / time.TimestampFrequency);
    }

    /// <summary>What there is, by API and version.</summary>
    public IEnumerable<(ApiKey Key, short Version, LatencySummary Summary)> Read()
    {
        for (var index = 0; index < _histograms.Length; index++)
        {
            if (Volatile.Read(ref _histograms[index]) is { } histogram)
                yield return ((ApiKey)(index / Versions), (short)(index % Versions), histogram.Read(time));
        }
    }

    private LatencyHistogram Create(int index) =>
        Interlocked.CompareExchange(ref _histograms[index], new LatencyHistogram(), null) ?? _histograms[index]!;
}
