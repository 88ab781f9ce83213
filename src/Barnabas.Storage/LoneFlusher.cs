namespace Barnabas.Storage;

/// <summary>
/// Decides whether who needs a flush runs it on its own thread. Waking another one costs a good part of what a fast disk takes,
/// but a thread that flushes serves nobody else, and several who ask at a time share one flush. So: only who alone has asked of
/// late, and only while disks are quick. Races between threads cost a wrong guess, which is either way correct.
/// </summary>
public sealed class LoneFlusher
{
    private const int AsksAlone = 4;
    private const long QuickMicroseconds = 1000;

    // Of the last eight or so: one stall of a hundred milliseconds sends the next twenty flushes to the other threads.
    private const int Weight = 8;

    private long _requester;
    private int _asks;
    private long _averageMicroseconds;

    /// <summary>Whether a requester, any number that is not 0, is to flush by itself.</summary>
    internal bool IsFor(long requester)
    {
        if (requester != Volatile.Read(ref _requester))
        {
            Volatile.Write(ref _requester, requester);
            _asks = 0;
        }

        if (_asks < AsksAlone)
        {
            _asks++;
            return false;
        }

        return requester != 0 && Volatile.Read(ref _averageMicroseconds) < QuickMicroseconds;
    }

    /// <summary>A flush took so long.</summary>
    internal void Note(TimeSpan took)
    {
        var average = Volatile.Read(ref _averageMicroseconds);
        Volatile.Write(ref _averageMicroseconds, average + (((long)took.TotalMicroseconds - average) / Weight));
    }
}
