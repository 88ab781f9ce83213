namespace Barnabas.Transport.Server;

/// <summary>
/// Work that a request leaves behind for others, such as the fetch of a consumer that waited for its records. It is done on the
/// request's own thread once the response is on its way: nobody waits for another thread to wake, and the one who asked first is
/// answered first.
/// </summary>
public static class AfterResponse
{
    // More than this is worth the other threads' waking: it would hold up what else comes in on this one.
    private const int MostItems = 4;

    [ThreadStatic]
    private static List<IThreadPoolWorkItem>? _current;

    /// <summary>Runs work soon, never before this returns: after the response where a request is being handled on this thread, else on the thread pool.</summary>
    public static void Run(IThreadPoolWorkItem work)
    {
        if (_current is { Count: < MostItems } items)
            items.Add(work);
        else
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    /// <summary>Collects in that list from now on what this thread leaves behind.</summary>
    /// <returns>Where it was collected until now, to go on with afterwards.</returns>
    internal static List<IThreadPoolWorkItem>? Collect(List<IThreadPoolWorkItem>? items)
    {
        var before = _current;
        _current = items;
        return before;
    }
}
