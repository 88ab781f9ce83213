using System.Globalization;
using System.Text.Json;

namespace Barnabas.Bench.Load;

/// <summary>What kbench measured. Latencies are in milliseconds; zero where it measured none.</summary>
internal sealed record KbenchResult(long Records, double Seconds, double RecordsPerSecond, double ClientCpuSeconds, double P50, double P99, double P999)
{
    public static KbenchResult Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var hasLatency = root.TryGetProperty("latency_ms", out var latency);
        double Quantile(string name) => hasLatency ? latency.GetProperty(name).GetDouble() : 0;
        return new KbenchResult(
            root.GetProperty("records").GetInt64(), root.GetProperty("seconds").GetDouble(), root.GetProperty("records_per_s").GetDouble(),
            root.GetProperty("client_cpu_seconds").GetDouble(), Quantile("p50"), Quantile("p99"), Quantile("p999"));
    }
}

/// <summary>The neutral load generator (franz-go), lighter than the JVM tools and so a heavier load on the broker.</summary>
internal sealed class Kbench(BenchOptions options, string bootstrap)
{
    // Its collector is not what is measured: with Go's default it takes more of both processors than either broker as soon as requests
    // are large, and most of them beside a broker that takes few. Against either broker it collects once it holds so much.
    private static readonly Dictionary<string, string> Collector = new() { ["GOGC"] = "off", ["GOMEMLIMIT"] = "2GiB" };

    private readonly string _file = Path.Combine(options.Peers, "kbench", "kbench");

    public Task<KbenchResult> ProduceAsync(string topic, int records, CancellationToken cancellationToken, params string[] more) =>
        RunAsync("produce", topic, records, more, cancellationToken);

    public Task<KbenchResult> ConsumeAsync(string topic, int records, CancellationToken cancellationToken, params string[] more) =>
        RunAsync("consume", topic, records, more, cancellationToken);

    private async Task<KbenchResult> RunAsync(string mode, string topic, int records, string[] more, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(
            _file,
            [mode, "--brokers", bootstrap, "--topic", topic, "--num", records.ToString(CultureInfo.InvariantCulture), "--json", .. more],
            cancellationToken, environment: Collector);
        var parsed = KbenchResult.Parse(result.Output);
        return parsed.Records >= records ? parsed : throw new BenchException($"kbench {mode}: {parsed.Records} of {records} records");
    }
}
