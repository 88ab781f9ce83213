namespace Barnabas.Metadata.Controller;

/// <summary>Answers that wait until the record they tell of is committed, in the order of offsets. Lives on the controller's thread.</summary>
internal sealed class DeferredResponses
{
    private readonly Queue<(long Offset, Action<Exception?> Complete)> _waiting = new();

    internal void Add(long offset, Action<Exception?> complete) => _waiting.Enqueue((offset, complete));

    /// <summary>Everything up to the offset is committed.</summary>
    internal void CompleteUpTo(long offset)
    {
        while (_waiting.TryPeek(out var next) && next.Offset <= offset)
        {
            _waiting.Dequeue();
            next.Complete(null);
        }
    }

    internal void FailAll(Exception exception)
    {
        while (_waiting.TryDequeue(out var next)) next.Complete(exception);
    }
}
