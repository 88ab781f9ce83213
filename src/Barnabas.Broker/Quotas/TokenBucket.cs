namespace Barnabas.Broker.Quotas;

/// <summary>Tokens that come back at a rate up to a burst of so many seconds' worth, and may be overdrawn. Safe from any thread.</summary>
internal sealed class TokenBucket(double burstSeconds)
{
    private readonly Lock _lock = new();
    private double _tokens = double.PositiveInfinity;
    private double _rate;
    private long _last;

    /// <summary>Takes tokens; a strict bucket that is already overdrawn gives none.</summary>
    /// <returns>How long until the bucket is no longer overdrawn; zero when the tokens were there.</returns>
    public TimeSpan Take(double tokens, double perSecond, bool isStrict, TimeProvider time)
    {
        lock (_lock)
        {
            Refill(perSecond, time);
            if (isStrict && _tokens < 0)
                return Wait(perSecond);
            _tokens -= tokens;
            return isStrict || _tokens >= 0 ? TimeSpan.Zero : Wait(perSecond);
        }
    }

    /// <summary>Whether as many tokens are there as there can be, so that a new bucket is the same.</summary>
    public bool IsFull(TimeProvider time)
    {
        lock (_lock)
        {
            Refill(_rate, time);
            return _tokens >= _rate * burstSeconds;
        }
    }

    private TimeSpan Wait(double perSecond) => TimeSpan.FromMilliseconds(Math.Round(Math.Min(int.MaxValue, -_tokens / perSecond * 1000)));

    private void Refill(double perSecond, TimeProvider time)
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond * burstSeconds, _tokens + (perSecond * time.GetElapsedTime(_last, now).TotalSeconds));
        _rate = perSecond;
        _last = now;
    }
}
