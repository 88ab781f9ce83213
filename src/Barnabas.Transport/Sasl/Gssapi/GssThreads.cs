namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>Calls of the library wait for files and for the key distribution center: they run on threads of their own, and so many at a time.</summary>
internal sealed class GssThreads(int max)
{
    private readonly SemaphoreSlim _free = new(max);

    /// <summary>For services: a call reads the key table and the replay cache.</summary>
    public static GssThreads Services { get; } = new(8);

    /// <summary>For clients: a call may wait for the key distribution center.</summary>
    public static GssThreads Clients { get; } = new(32);

    public async ValueTask<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        // The place is given back by the call itself: it goes on when nobody waits for it any more.
        var running = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return call();
                }
                finally
                {
                    _free.Release();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
        return await running.WaitAsync(cancellationToken);
    }
}
