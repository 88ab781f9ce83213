using System.Globalization;
using System.Text.RegularExpressions;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Load;

/// <summary>What a performance tool measured of itself, and its whole process' CPU seconds.</summary>
internal sealed record PerfResult(double RecordsPerSecond, double CpuSeconds, double P50 = 0, double P99 = 0, double P999 = 0);

/// <summary>The performance tools of a distribution: Apache Kafka's on its Java client, or Barnabas' on its own client. Both take the same options and print the same lines.</summary>
internal sealed partial class PerfTools(SystemUnderTest distribution, string bootstrap)
{
    public async Task<PerfResult> ProduceAsync(string topic, int records, int recordSize, CancellationToken cancellationToken, params string[] properties)
    {
        var result = await Command.RunAsync(
            distribution.Tool("kafka-producer-perf-test"),
            [
                "--topic", topic, "--num-records", Text(records), "--record-size", Text(recordSize), "--throughput", "-1",
                "--command-property", $"bootstrap.servers={bootstrap}", "acks=all", "batch.size=65536", "linger.ms=5", .. properties,
            ],
            cancellationToken);
        var last = Last(result.Output);
        var match = ProducerLine().Match(last);
        if (!match.Success || Number(match, 1) != records)
            throw new BenchException($"kafka-producer-perf-test sent not all of {records} records: {last}");
        return new PerfResult(Number(match, 2), result.CpuSeconds, Number(match, 3), Number(match, 4), Number(match, 5));
    }

    public async Task<PerfResult> ConsumeAsync(string topic, int records, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(
            distribution.Tool("kafka-consumer-perf-test"),
            ["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", Text(records), "--timeout", "60000"],
            cancellationToken);
        // start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
        var fields = Last(result.Output).Split(", ");
        if (fields.Length < 10 || !long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var consumed) || consumed < records)
            throw new BenchException($"kafka-consumer-perf-test read not all of {records} records: {string.Join(", ", fields)}");
        // Without joining the group: a coordinator waits three seconds for other members, whoever it is.
        return new PerfResult(double.Parse(fields[9], CultureInfo.InvariantCulture), result.CpuSeconds);
    }

    public async Task<PerfResult> EndToEndAsync(string topic, int records, int recordSize, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(
            distribution.Tool("kafka-e2e-latency"),
            ["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", Text(records), "--producer-acks", "all", "--record-size", Text(recordSize)],
            cancellationToken);
        var match = PercentilesLine().Match(result.Output);
        if (!match.Success)
            throw new BenchException($"kafka-e2e-latency printed no percentiles: {Last(result.Output)}");
        return new PerfResult(0, result.CpuSeconds, Number(match, 1), Number(match, 2), Number(match, 3));
    }

    private static string Last(string output) => output.TrimEnd().Split('\n')[^1];

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+) records sent, ([\d.]+) records/sec .*?([\d.]+) ms 50th, [\d.]+ ms 95th, ([\d.]+) ms 99th, ([\d.]+) ms 99\.9th")]
    private static partial Regex ProducerLine();

    [GeneratedRegex(@"50th = ([\d.]+), 99th = ([\d.]+), 99\.9th = ([\d.]+)")]
    private static partial Regex PercentilesLine();
}
