using System.Collections.Concurrent;

namespace Barnabas.Coordination.Runtime;

/// <summary>
/// Runs the events of one shard one after the other on the scheduler's threads. An event must not throw.
/// After each run of events <c>onPause</c> is called, which is where gathered records are written.
/// </summary>
internal sealed class ShardMailbox(TaskScheduler scheduler, Action onPause)
{
    /// <summary>Events run before the thread is given back and gathered records are written.</summary>
    private const int MaxEventsPerRun = 256;

    private readonly ConcurrentQueue<Action> _events = new();
    private int _isScheduled;

    public void Post(Action shardEvent)
    {
        _events.Enqueue(shardEvent);
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _isScheduled, 1, 0) == 0)
        {
            Task.Factory.StartNew(
                static self => ((ShardMailbox)self!).Run(), this,
                CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
        }
    }

    private void Run()
    {
        for (var i = 0; i < MaxEventsPerRun && _events.TryDequeue(out var shardEvent); i++)
            shardEvent();
        onPause();
        Volatile.Write(ref _isScheduled, 0);
        if (!_events.IsEmpty)
            Wake();
    }
}
