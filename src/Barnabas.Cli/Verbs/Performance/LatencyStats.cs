using System.Globalization;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Counts and latencies of records, for the whole run and for the interval since the last report. Thread-safe.</summary>
internal sealed class LatencyStats(TextWriter output, TimeProvider time, long reportingIntervalMs, int expectedRecords)
{
    private const int MaxSamples = 500_000;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly int _sampling = Math.Max(1, expectedRecords / MaxSamples);
    private readonly List<int> _latencies = [];
    private long _windowStart = time.GetTimestamp();
    private long _iteration;
    private Totals _all;
    private Totals _window;

    /// <summary>Counts a record that was acknowledged after so many milliseconds.</summary>
    public void Record(int latencyMs, int bytes)
    {
        lock (_gate)
        {
            _all.Add(latencyMs, bytes);
            _window.Add(latencyMs, bytes);
            if (_iteration++ % _sampling == 0)
                _latencies.Add(latencyMs);
            if (time.GetElapsedTime(_windowStart).TotalMilliseconds < reportingIntervalMs)
                return;
            PrintWindow();
            _window = default;
            _windowStart = time.GetTimestamp();
        }
    }

    /// <summary>Prints the figures of the whole run.</summary>
    public void PrintTotal()
    {
        lock (_gate)
        {
            var seconds = time.GetElapsedTime(_start).TotalSeconds;
            var average = _all.Count == 0 ? "NaN" : Text(_all.LatencySum / (double)_all.Count, "F2");
            _latencies.Sort();
            output.WriteLine($"{_all.Count} records sent, {Text(_all.Count / seconds, "F6")} records/sec ({Text(_all.Bytes / seconds / 1048576, "F2")} MB/sec), {average} ms avg latency, "
                + $"{Text(_all.MaxLatency, "F2")} ms max latency, {Percentile(0.5)} ms 50th, {Percentile(0.95)} ms 95th, {Percentile(0.99)} ms 99th, {Percentile(0.999)} ms 99.9th.");
        }
    }

    private void PrintWindow()
    {
        var seconds = time.GetElapsedTime(_windowStart).TotalSeconds;
        output.WriteLine($"{_window.Count} records sent, {Text(_window.Count / seconds, "F1")} records/sec ({Text(_window.Bytes / seconds / 1048576, "F2")} MB/sec), "
            + $"{Text(_window.LatencySum / (double)_window.Count, "F1")} ms avg latency, {Text(_window.MaxLatency, "F1")} ms max latency.");
        output.Flush();
    }

    private int Percentile(double share) => _latencies.Count == 0 ? 0 : _latencies[Math.Min((int)(share * _latencies.Count), _latencies.Count - 1)];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private struct Totals
    {
        public long Count;
        public long Bytes;
        public long LatencySum;
        public int MaxLatency;

        public void Add(int latencyMs, int bytes)
        {
            Count++;
            Bytes += bytes;
            LatencySum += latencyMs;
            MaxLatency = Math.Max(MaxLatency, latencyMs);
        }
    }
}
