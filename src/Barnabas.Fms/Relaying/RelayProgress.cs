namespace Barnabas.Fms.Relaying;

/// <summary>What a relay has done so far. Written by the relay, read by anyone.</summary>
public sealed class RelayProgress
{
    private long _read;
    private long _written;
    private long _starts;

    /// <summary>Records read.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Records handed to the producer.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>How often it began, or began again after a failure.</summary>
    public long Starts => Interlocked.Read(ref _starts);

    internal void OnRead() => Interlocked.Increment(ref _read);

    internal void OnWritten() => Interlocked.Increment(ref _written);

    internal void OnStart() => Interlocked.Increment(ref _starts);
}
