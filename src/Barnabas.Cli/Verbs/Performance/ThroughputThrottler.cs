namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Keeps sending at about a number of records a second, by pauses of two milliseconds and more.</summary>
/// <param name="targetPerSecond">Records a second; negative for as fast as it goes.</param>
/// <param name="time">The clock.</param>
internal sealed class ThroughputThrottler(double targetPerSecond, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);

    private readonly long _start = time.GetTimestamp();

    /// <summary>Waits where more records were sent than the time that has passed allows.</summary>
    public ValueTask ThrottleAsync(long sent, CancellationToken cancellationToken)
    {
        if (targetPerSecond < 0)
            return default;
        if (targetPerSecond == 0)
            return new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken));
        var ahead = TimeSpan.FromSeconds(sent / targetPerSecond) - time.GetElapsedTime(_start);
        return ahead < ShortestPause ? default : new ValueTask(Task.Delay(ahead, time, cancellationToken));
    }
}
