using Barnabas.Protocol;

namespace Barnabas.Broker.Telemetry;

/// <summary>One client that asks for its subscription and pushes metrics. Guarded by its own lock.</summary>
internal sealed class ClientInstance(Uuid id, IReadOnlyDictionary<string, string> attributes)
{
    private const int MaxSeries = 2_000;

    private readonly Dictionary<string, (OtlpPoint Point, double Total)> _series = new(StringComparer.Ordinal);

    public Uuid Id { get; } = id;

    public IReadOnlyDictionary<string, string> Attributes { get; } = attributes;

    public int Version { get; set; } = -1;

    public int SubscriptionId { get; set; }

    public List<string> Metrics { get; set; } = [];

    public int IntervalMs { get; set; }

    public bool IsTerminating { get; set; }

    public ErrorCode LastError { get; set; }

    public long LastUsed { get; set; }

    public long? LastGetMs { get; set; }

    public long? LastPushMs { get; set; }

    /// <summary>Takes what was pushed; what was added since the last push is added to what there is.</summary>
    public void Take(List<OtlpPoint> points)
    {
        foreach (var point in points)
        {
            var key = point.Name + string.Concat(point.Labels.Select(l => $"\n{l.Name}\n{l.Value}"));
            var known = _series.TryGetValue(key, out var before);
            if (!known && _series.Count >= MaxSeries)
                continue;
            _series[key] = (point, point.IsDelta && known ? before.Total + point.Value : point.Value);
        }
    }

    public IEnumerable<(OtlpPoint Point, double Value)> Series() => _series.Values.Select(s => (s.Point, s.Total)).ToList();
}
