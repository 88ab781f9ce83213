namespace Barnabas.Broker.Telemetry;

/// <summary>What the process takes of its machine.</summary>
internal sealed class ProcessMetrics(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _started = time.GetUtcNow().ToUnixTimeSeconds();
    private long _measuredAt = time.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private double _idle = 1;

    /// <summary>The share of all processors' time that this process did not use, over the last second or more.</summary>
    public double IdleRatio
    {
        get
        {
            lock (_lock)
            {
                var elapsed = time.GetElapsedTime(_measuredAt);
                if (elapsed < TimeSpan.FromSeconds(1))
                    return _idle;
                var cpu = Environment.CpuUsage.TotalTime;
                _idle = Math.Clamp(1 - ((cpu - _cpu) / elapsed / Environment.ProcessorCount), 0, 1);
                _cpu = cpu;
                _measuredAt = time.GetTimestamp();
                return _idle;
            }
        }
    }

    public IEnumerable<MetricSample> Read()
    {
        yield return new("process_cpu_seconds_total", MetricKind.Counter, "Seconds of processor time.", Environment.CpuUsage.TotalTime.TotalSeconds);
        yield return new("process_resident_memory_bytes", MetricKind.Gauge, "Bytes of memory in use.", Environment.WorkingSet);
        yield return new("process_start_time_seconds", MetricKind.Gauge, "When the node was started, in seconds since 1970.", _started);
        yield return new("dotnet_gc_heap_bytes", MetricKind.Gauge, "Bytes of the managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        yield return new("dotnet_gc_pause_seconds_total", MetricKind.Counter, "Seconds of pauses for garbage collection.", GC.GetTotalPauseDuration().TotalSeconds);
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new("dotnet_gc_collections_total", MetricKind.Counter, "Garbage collections.", GC.CollectionCount(generation),
                ("generation", generation.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        yield return new("dotnet_threadpool_threads", MetricKind.Gauge, "Threads of the pool.", ThreadPool.ThreadCount);
        yield return new("dotnet_threadpool_queue_length", MetricKind.Gauge, "Work that waits for a thread of the pool.", ThreadPool.PendingWorkItemCount);
    }
}
