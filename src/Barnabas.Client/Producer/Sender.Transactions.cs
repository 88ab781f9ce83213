using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

// What the sending loop owes the transaction under way.
internal sealed partial class Sender
{
    private const short LastProduceVersionWithoutAdding = 11;

    /// <summary>The newest version that a producer may produce with: newer ones add partitions to the transaction by themselves.</summary>
    private short HighestProduceVersion => _transactions is { UsesEpochBump: false } ? LastProduceVersionWithoutAdding : short.MaxValue;

    /// <summary>The id and epoch come with the permission: in the middle of a pass the next transaction may have begun, with an epoch of its own.</summary>
    private bool MaySendInTransaction(TransactionManager transactions, TopicPartition partition)
    {
        if (!transactions.MaySend(partition, out var producer))
            return false;
        (_producerId, _producerEpoch) = producer;
        return true;
    }

    private void FollowTransaction(TransactionManager transactions)
    {
        if (transactions.Discards is not { } reason)
            return;
        foreach (var queue in _active)
        {
            while (queue.Peek(out _) is { } waiting)
            {
                queue.Remove(waiting);
                Fail(waiting, reason);
            }
        }
    }
}
