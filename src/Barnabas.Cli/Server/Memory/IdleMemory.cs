namespace Barnabas.Cli.Server.Memory;

/// <summary>
/// Gives back to the system what load has left behind: once a node that holds more than before does nothing, one full
/// collection. Without load the collector would never run by itself.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    /// <summary>How often the process is looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // By then the tails of the last load are given up, too.
    private const int IdlePeriods = 3;

    // Heartbeats and waiting consumers allocate less than this in a period. So do a thousand records a second, whose buffers are pooled.
    private const long IdleBytes = 2 * 1024 * 1024;

    // But whoever waits for one of them would feel the pause. Consumers that wait commit now and then.
    private const long IdleRecords = 200;

    // A node's collection is worth its pause from here on.
    private const long WorthwhileBytes = 8 * 1024 * 1024;

    // What else a process may do for others without allocating.
    private static readonly TimeSpan IdleProcessorTime = Period / 20;

    private readonly IProcessMemory _memory;
    private readonly long _worthwhileBytes;
    private readonly Func<long>? _recordsAppended;
    private readonly ITimer _timer;
    private long _allocatedBefore;
    private long _recordsBefore;
    private TimeSpan _processorTimeBefore;
    private long _residentAfterTrim;
    private int _idlePeriods;

    /// <param name="memory">The process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="worthwhileBytes">How much more than after the last collection makes another one worth its pause.</param>
    /// <param name="recordsAppended">How many records the process has appended so far, where it is a broker.</param>
    public IdleMemory(IProcessMemory memory, TimeProvider time, long worthwhileBytes = WorthwhileBytes, Func<long>? recordsAppended = null)
    {
        _memory = memory;
        _worthwhileBytes = worthwhileBytes;
        _recordsAppended = recordsAppended;
        _timer = time.CreateTimer(static idle => ((IdleMemory)idle!).Look(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var (allocated, processorTime, records) = (_memory.AllocatedBytes, _memory.ProcessorTime, _recordsAppended?.Invoke() ?? 0);
        var isIdle = allocated - _allocatedBefore < IdleBytes && processorTime - _processorTimeBefore < IdleProcessorTime && records - _recordsBefore < IdleRecords;
        _idlePeriods = isIdle ? _idlePeriods + 1 : 0;
        (_allocatedBefore, _processorTimeBefore, _recordsBefore) = (allocated, processorTime, records);
        if (_idlePeriods < IdlePeriods || _memory.ResidentBytes - _residentAfterTrim <= _worthwhileBytes)
            return;
        _memory.Trim();
        _residentAfterTrim = _memory.ResidentBytes;
    }
}
