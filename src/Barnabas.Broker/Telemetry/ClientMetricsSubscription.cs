using System.Globalization;
using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Metadata.Image;

namespace Barnabas.Broker.Telemetry;

/// <summary>Which clients push which metrics how often (the resource CLIENT_METRICS). Immutable.</summary>
internal sealed class ClientMetricsSubscription
{
    /// <summary>All metrics.</summary>
    public const string Everything = "*";

    /// <summary>How often clients ask whether there is something to push, and push where nothing else is said.</summary>
    public const int DefaultIntervalMs = 300_000;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(50);
    private readonly List<(string Attribute, Regex Pattern)> _patterns = [];

    public ClientMetricsSubscription(IReadOnlyDictionary<string, string> configs)
    {
        Metrics = Split(configs.GetValueOrDefault("metrics"));
        IntervalMs = int.TryParse(configs.GetValueOrDefault("interval.ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var interval) ? interval : DefaultIntervalMs;
        foreach (var pattern in Split(configs.GetValueOrDefault("match")))
        {
            var equals = pattern.IndexOf('=', StringComparison.Ordinal);
            // Anchored, and never longer than a moment over names that clients choose.
            _patterns.Add((pattern[..equals].Trim(), new Regex($"^(?:{pattern[(equals + 1)..].Trim()})$", RegexOptions.CultureInvariant, MatchTimeout)));
        }
    }

    public IReadOnlyList<string> Metrics { get; }

    public int IntervalMs { get; }

    public static IEnumerable<ClientMetricsSubscription> Of(ConfigsImage configs) =>
        configs.Resources.Where(r => r.Key.Type == ConfigResourceType.ClientMetrics && r.Value.Count > 0).Select(r => new ClientMetricsSubscription(r.Value));

    public bool Matches(IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (attribute, pattern) in _patterns)
        {
            try
            {
                if (!attributes.TryGetValue(attribute, out var value) || !pattern.IsMatch(value))
                    return false;
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }
        return true;
    }

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
