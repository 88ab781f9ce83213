namespace Barnabas.Client.Producer;

/// <summary>The time that a call may wait (<c>max.block.ms</c>), together with the caller's own cancellation and the producer's end.</summary>
internal sealed class BlockingTime : IDisposable
{
    // A timer takes no longer span; who waits for 49 days waits for ever.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _callers;

    public BlockingTime(TimeSpan time, TimeProvider clock, CancellationToken callers, CancellationToken closing)
    {
        _callers = callers;
        _deadline = new CancellationTokenSource(time < LongestTimer ? time : LongestTimer, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, callers, closing);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Whether it was the time that ended the wait, not the caller.</summary>
    public bool IsOver => _deadline.IsCancellationRequested && !_callers.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _deadline.Dispose();
    }
}
