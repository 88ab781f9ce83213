namespace Barnabas.Coordination.Runtime;

/// <summary>
/// The one answer of a request that waits. Whoever holds it completes it once; later completions are ignored.
/// Continuations run elsewhere, so completing never runs foreign code on the shard.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed class ParkedReply<T>
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>Whether it is answered.</summary>
    public bool IsCompleted => _source.Task.IsCompleted;

    /// <summary>Answers.</summary>
    /// <returns>False if it was answered before.</returns>
    public bool TryComplete(T response) => _source.TrySetResult(response);

    /// <summary>Fails.</summary>
    /// <returns>False if it was answered before.</returns>
    public bool TryFail(Exception exception) => _source.TrySetException(exception);
}
