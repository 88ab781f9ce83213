namespace Barnabas.Client.Producer;

/// <summary>Wakes one waiting loop; signals that come while it runs are kept as one. Thread-safe.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;
    private bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_waiting is null)
            {
                _isSet = true;
                return;
            }
            (waiting, _waiting) = (_waiting, null);
        }
        waiting.SetResult();
    }

    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }
}
