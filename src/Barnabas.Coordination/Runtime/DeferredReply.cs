using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>An answer that waits until everything the state held when it was made is committed.</summary>
internal abstract class DeferredReply
{
    /// <summary>The log end offset that must be committed first.</summary>
    public long Offset { get; set; }

    /// <summary>When the wait ends with an error, in milliseconds.</summary>
    public long DeadlineMs { get; set; }

    public bool IsDone { get; private set; }

    /// <summary>Sends the answer, or the failure if <paramref name="failure"/> is not null. Only the first call counts.</summary>
    public void Complete(KafkaException? failure)
    {
        if (IsDone)
            return;

        IsDone = true;
        Send(failure);
    }

    protected abstract void Send(KafkaException? failure);
}

/// <summary>The deferred answer of a request.</summary>
internal sealed class DeferredReply<T>(Action<KafkaException?>? onCommitted, T response, ParkedReply<T> reply) : DeferredReply
{
    protected override void Send(KafkaException? failure)
    {
        onCommitted?.Invoke(failure);
        if (failure is null)
            reply.TryComplete(response);
        else
            reply.TryFail(failure);
    }
}

/// <summary>What follows the commit of a timed operation, which nobody waits for.</summary>
internal sealed class DeferredEffect(Action<KafkaException?> onCommitted) : DeferredReply
{
    protected override void Send(KafkaException? failure) => onCommitted(failure);
}
