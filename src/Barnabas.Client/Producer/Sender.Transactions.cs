namespace Barnabas.Client.Producer;

// What the sending loop owes the transaction under way.
internal sealed partial class Sender
{
    private const short LastProduceVersionWithoutAdding = 11;

    /// <summary>The newest version that a producer may produce with: newer ones add partitions to the transaction by themselves.</summary>
    private short HighestProduceVersion => _transactions is { UsesEpochBump: false } ? LastProduceVersionWithoutAdding : short.MaxValue;

    private void FollowTransaction(TransactionManager transactions)
    {
        (_producerId, _producerEpoch) = transactions.Producer;
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
