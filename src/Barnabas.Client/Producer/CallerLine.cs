namespace Barnabas.Client.Producer;

/// <summary>Keeps callers who have to wait in the order of their calls. Thread-safe.</summary>
internal sealed class CallerLine
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private int _count;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Completes when all who stand in line now are through.</summary>
    public Task WhenThrough()
    {
        lock (_gate)
            return _last;
    }

    /// <summary>Lines up; the turn comes when <see cref="Place.Turn"/> completes.</summary>
    public Place Enter()
    {
        lock (_gate)
        {
            _count++;
            var place = new Place(this, _last);
            _last = place.Done;
            return place;
        }
    }

    /// <summary>One caller's place in the line, given up by disposing it.</summary>
    public sealed class Place(CallerLine line, Task turn) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when all who came before are through.</summary>
        public Task Turn { get; } = turn;

        public Task Done => _done.Task;

        public void Dispose()
        {
            lock (line._gate)
                line._count--;
            // Who gives up early must not let those behind overtake those before.
            if (Turn.IsCompleted)
                _done.TrySetResult();
            else
                _ = PassOnAsync();
        }

        private async Task PassOnAsync()
        {
            await Turn;
            _done.TrySetResult();
        }
    }
}
