using System.Globalization;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>
/// Latencies and throughput of a producer: a line for each interval and one for the whole. Records come from the producer's sending
/// loop; totals are printed when it has ended.
/// </summary>
internal sealed class PerformanceStats
{
    private const int MostSamples = 500_000;
    private const double BytesPerMegabyte = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly bool _isSteadyState;
    private readonly long _sampling;
    private readonly int[] _latencies;
    private readonly long _start;
    private int _samples;
    private long _count;
    private long _bytes;
    private long _totalLatency;
    private int _maxLatency;
    private long _windowStart;
    private long _windowCount;
    private long _windowBytes;
    private long _windowLatency;
    private int _windowMaxLatency;
    private bool _isQuiet;

    public PerformanceStats(long records, TimeSpan interval, bool isSteadyState, TextWriter output, TimeProvider time)
    {
        _output = output;
        _time = time;
        _interval = interval;
        _isSteadyState = isSteadyState;
        _sampling = records / Math.Min(records, MostSamples);
        _latencies = new int[(int)(records / _sampling) + 1];
        _start = _windowStart = time.GetTimestamp();
    }

    /// <summary>Prints no more lines for intervals: those of the steady state follow.</summary>
    public void Silence()
    {
        lock (_gate)
            _isQuiet = true;
    }

    /// <summary>Counts a record that was delivered.</summary>
    /// <param name="latencyMs">From the send to the acknowledgement.</param>
    /// <param name="bytes">The size of its value.</param>
    public void Record(int latencyMs, int bytes)
    {
        lock (_gate)
        {
            if (_count % _sampling == 0)
                _latencies[_samples++] = latencyMs;
            _count++;
            _bytes += bytes;
            _totalLatency += latencyMs;
            _maxLatency = Math.Max(_maxLatency, latencyMs);
            _windowCount++;
            _windowBytes += bytes;
            _windowLatency += latencyMs;
            _windowMaxLatency = Math.Max(_windowMaxLatency, latencyMs);
            if (_time.GetElapsedTime(_windowStart) is var elapsed && elapsed >= _interval)
                EndWindow(elapsed);
        }
    }

    /// <summary>Prints the line for the whole.</summary>
    public void PrintTotal()
    {
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start).TotalMilliseconds;
            var size = Math.Min(_samples, _latencies.Length);
            Array.Sort(_latencies, 0, size);
            int Percentile(double share) => _latencies[(int)(share * size)];
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_count}{(_isSteadyState ? " steady state" : "")} records sent, {1000 * _count / elapsed:F6} records/sec ({1000 * _bytes / elapsed / BytesPerMegabyte:F2} MB/sec), {_totalLatency / (double)_count:F2} ms avg latency, {_maxLatency:F2} ms max latency, {Percentile(0.5)} ms 50th, {Percentile(0.95)} ms 95th, {Percentile(0.99)} ms 99th, {Percentile(0.999)} ms 99.9th."));
        }
    }

    private void EndWindow(TimeSpan elapsed)
    {
        if (_isSteadyState && _count == _windowCount)
            _output.WriteLine("In steady state.");
        if (!_isQuiet)
        {
            var ms = elapsed.TotalMilliseconds;
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_windowCount} records sent, {1000 * _windowCount / ms:F1} records/sec ({1000 * _windowBytes / ms / BytesPerMegabyte:F2} MB/sec), {_windowLatency / (double)_windowCount:F1} ms avg latency, {_windowMaxLatency:F1} ms max latency."));
            _output.Flush();
        }

        _windowStart = _time.GetTimestamp();
        _windowCount = _windowBytes = _windowLatency = 0;
        _windowMaxLatency = 0;
    }
}
