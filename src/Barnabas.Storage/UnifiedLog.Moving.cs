namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>
    /// Runs what puts a copy in this log's place while nothing is appended or flushed. Afterwards this log takes no more
    /// records: who waited to append finds it closed and has to look for the new one.
    /// </summary>
    internal void HandOver(Action replace)
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                EnsureUsable();
                replace();
                _isClosed = true;
                _tail.Clear();
                foreach (var segment in _segments)
                    segment.Dispose();
            }
        }
    }
}
