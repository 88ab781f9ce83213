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

    // A node's collection is worth its pause from here on.
    private const long WorthwhileBytes = 8 * 1024 * 1024;

    // But those take more of a processor than this in a period, and whoever waits for one of them would feel the pause.
    private static readonly TimeSpan IdleProcessorTime = Period / 20;

    private readonly IProcessMemory _memory;
    private readonly long _worthwhileBytes;
    private readonly ITimer _timer;
    private long _allocatedBefore;
    private TimeSpan _processorTimeBefore;
    private long _residentAfterTrim;
    private int _idlePeriods;

    /// <param name="memory">The process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="worthwhileBytes">How much more than after the last collection makes another one worth its pause.</param>
    public IdleMemory(IProcessMemory memory, TimeProvider time, long worthwhileBytes = WorthwhileBytes)
    {
        _memory = memory;
        _worthwhileBytes = worthwhileBytes;
        _timer = time.CreateTimer(static idle => ((IdleMemory)idle!).Look(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var (allocated, processorTime) = (_memory.AllocatedBytes, _memory.ProcessorTime);
        var isIdle = allocated - _allocatedBefore < IdleBytes && processorTime - _processorTimeBefore < IdleProcessorTime;
        _idlePeriods = isIdle ? _idlePeriods + 1 : 0;
        (_allocatedBefore, _processorTimeBefore) = (allocated, processorTime);
        if (_idlePeriods < IdlePeriods || _memory.ResidentBytes - _residentAfterTrim <= _worthwhileBytes)
            return;
        _memory.Trim();
        _residentAfterTrim = _memory.ResidentBytes;
    }
}
