using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

// Transactions: records to several partitions, and the offsets of what was read to make them, count together or not at all.
public sealed partial class Producer<TKey, TValue>
{
    /// <summary>
    /// Takes over the transactional id, once, before the first transaction: whoever had it is fenced, and what it left open is aborted.
    /// </summary>
    /// <exception cref="InvalidOperationException">The producer has no <see cref="ProducerOptions.TransactionalId"/>, or was initialized before.</exception>
    /// <exception cref="FatalTransactionException">The cluster refuses it.</exception>
    /// <exception cref="KafkaTimeoutException">Not within <c>max.block.ms</c>; it may be called again.</exception>
    public Task InitTransactionsAsync(CancellationToken cancellationToken = default) => Transactions.InitAsync(cancellationToken);

    /// <summary>Opens a transaction; everything sent until it is committed or aborted belongs to it.</summary>
    /// <exception cref="InvalidOperationException">Another one is open, or <see cref="InitTransactionsAsync"/> was not called.</exception>
    /// <exception cref="FatalTransactionException">The producer has been fenced or refused.</exception>
    public void BeginTransaction() => Transactions.Begin();

    /// <summary>Commits a consumer's offsets with the open transaction: they count when it commits (KIP-447).</summary>
    /// <param name="offsets">The next offset to read of each partition.</param>
    /// <param name="group">The consumer's group, from <c>Consumer.GroupMetadata</c>: a consumer that lost its partitions is refused.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TransactionAbortableException">The group refuses; the transaction has to be aborted.</exception>
    /// <exception cref="FatalTransactionException">The producer has been fenced or refused.</exception>
    /// <exception cref="KafkaTimeoutException">Not within <c>max.block.ms</c>.</exception>
    public Task SendOffsetsToTransactionAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(group);
        return Transactions.SendOffsetsAsync(offsets, group, cancellationToken);
    }

    /// <summary>Waits until everything of the transaction is delivered, and commits it.</summary>
    /// <exception cref="TransactionAbortableException">Something was not delivered; the transaction has to be aborted.</exception>
    /// <exception cref="FatalTransactionException">The producer has been fenced or refused.</exception>
    /// <exception cref="KafkaTimeoutException">Not within <c>max.block.ms</c>; it may be called again.</exception>
    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => Transactions.CommitAsync(cancellationToken);

    /// <summary>Gives up what is not sent yet and aborts the transaction.</summary>
    /// <exception cref="FatalTransactionException">The producer has been fenced or refused.</exception>
    /// <exception cref="KafkaTimeoutException">Not within <c>max.block.ms</c>; it may be called again.</exception>
    public Task AbortTransactionAsync(CancellationToken cancellationToken = default) => Transactions.AbortAsync(cancellationToken);

    private TransactionManager Transactions =>
        _transactions ?? throw new InvalidOperationException("Cannot use transactional methods without enabling transactions by setting the transactional.id configuration property");
}
