using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

public sealed partial class CoordinatorRuntime<TShard>
{
    /// <summary>Runs an operation whose records belong to a producer's transaction: they are replayed as such and wait for its marker.</summary>
    /// <returns>The answer, once the operation's records are committed.</returns>
    /// <exception cref="KafkaException">(In the task.) As <see cref="WriteAsync"/>, or how the log refuses the producer.</exception>
    public Task<T> WriteTransactionalAsync<T>(TopicPartition topicPartition, TransactionalProducer producer, Func<TShard, CoordinatorResult<T>> operation) =>
        _contexts.TryGetValue(topicPartition, out var context)
            ? context.WriteTransactionalAsync(producer, operation)
            : Task.FromException<T>(new KafkaException(ErrorCode.NotCoordinator));

    /// <summary>Writes a producer's marker and applies it.</summary>
    /// <returns>Done once the marker is committed.</returns>
    /// <exception cref="KafkaException">(In the task.) As <see cref="WriteAsync"/>; INVALID_PRODUCER_EPOCH or TRANSACTION_COORDINATOR_FENCED.</exception>
    public Task CompleteTransactionAsync(TopicPartition topicPartition, TransactionEnd end) =>
        _contexts.TryGetValue(topicPartition, out var context)
            ? context.CompleteTransactionAsync(end)
            : Task.FromException(new KafkaException(ErrorCode.NotCoordinator));
}
