using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>The deferred answers of one shard, in the order of their offsets and so of their deadlines.</summary>
internal sealed class DeferredReplyQueue
{
    private readonly Queue<DeferredReply> _replies = new();

    public long? NextDeadlineMs
    {
        get
        {
            while (_replies.TryPeek(out var first) && first.IsDone)
                _replies.Dequeue();
            return _replies.TryPeek(out var reply) ? reply.DeadlineMs : null;
        }
    }

    public void Add(DeferredReply reply) => _replies.Enqueue(reply);

    /// <summary>Sends every answer that waits for an offset up to <paramref name="committedOffset"/>.</summary>
    public void CompleteUpTo(long committedOffset)
    {
        while (_replies.TryPeek(out var reply) && reply.Offset <= committedOffset)
        {
            _replies.Dequeue();
            reply.Complete(null);
        }
    }

    /// <summary>Fails every answer whose deadline is not after <paramref name="nowMs"/>.</summary>
    public void FailDue(long nowMs)
    {
        while (_replies.TryPeek(out var reply) && (reply.IsDone || reply.DeadlineMs <= nowMs))
        {
            _replies.Dequeue();
            reply.Complete(new KafkaException(ErrorCode.RequestTimedOut));
        }
    }

    public void FailAll(KafkaException failure)
    {
        while (_replies.TryDequeue(out var reply))
            reply.Complete(failure);
    }
}
