namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Holds a loop to so many records a second; negative means as many as go.</summary>
internal sealed class Throttle(double perSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Waits until the next record after so many may be sent.</summary>
    public async ValueTask WaitAsync(long sent, CancellationToken stop)
    {
        if (perSecond < 0)
            return;
        if (perSecond == 0)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        var ahead = TimeSpan.FromSeconds(sent / perSecond) - time.GetElapsedTime(_start);
        if (ahead > TimeSpan.FromMilliseconds(2))
            await Task.Delay(ahead, time, stop);
    }
}
