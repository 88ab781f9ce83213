using Barnabas.Client.Admin;
using Barnabas.Client.Metadata;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

public sealed partial class Consumer<TKey, TValue>
{
    /// <summary>Commits the position of every assigned partition; waits for the coordinator.</summary>
    /// <exception cref="CommitFailedException">The group went on without this member.</exception>
    /// <exception cref="KafkaException">A rebalance is under way, or the coordinator refuses.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        RequireGroup();
        return CommitAsync(_membership!.AutoCommitter.Consumed(), cancellationToken: cancellationToken);
    }

    /// <summary>Commits offsets, each that of the next record to read; waits for the coordinator.</summary>
    /// <param name="offsets">What to commit, with metadata.</param>
    /// <param name="timeout">For all retries together; <c>default.api.timeout.ms</c> when null.</param>
    /// <param name="cancellationToken">Gives up waiting; the commit may still happen.</param>
    /// <exception cref="CommitFailedException">The group went on without this member.</exception>
    /// <exception cref="KafkaException">A rebalance is under way, or the coordinator refuses.</exception>
    public async Task CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ArgumentNullException.ThrowIfNull(offsets);
        RequireGroup();
        await _membership!.Committer.CommitAsync(offsets, timeout ?? _options.ApiTimeout, cancellationToken);
    }

    /// <summary>Starts to commit and returns; the outcome goes to <paramref name="completed"/>, on another thread.</summary>
    /// <param name="offsets">What to commit; the position of every assigned partition when null.</param>
    /// <param name="completed">Told the offsets, and the error if any.</param>
    public void CommitInBackground(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>? offsets = null, Action<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>, Exception?>? completed = null)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        RequireGroup();
        _ = CommitAndTellAsync(offsets ?? _membership!.AutoCommitter.Consumed(), completed);
    }

    /// <summary>What the group committed for partitions; null where there is nothing.</summary>
    /// <exception cref="KafkaException">The coordinator refuses or does not answer in time (<c>default.api.timeout.ms</c> when null).</exception>
    public async Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata?>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        RequireGroup();
        return await _membership!.Committer.FetchAsync(partitions, timeout ?? _options.ApiTimeout, cancellationToken);
    }

    /// <summary>The partitions of a topic.</summary>
    /// <exception cref="KafkaTimeoutException">The topic did not show up in time (<c>default.api.timeout.ms</c> when null).</exception>
    public async Task<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var retrier = new Networking.Retrier(_context.Cluster);
        var found = await retrier.RunAsync("partitionsFor", timeout ?? _options.ApiTimeout, async token => await _context.Cluster.Metadata.GetTopicAsync(topic, token), cancellationToken);
        return found.Partitions;
    }

    private async Task CommitAndTellAsync(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, Action<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>, Exception?>? completed)
    {
        Exception? failure = null;
        try
        {
            await _membership!.Committer.CommitAsync(offsets, _options.ApiTimeout, _context.Stopping.Token);
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            failure = error;
            ConsumerLog.CommitFailed(_context.Logger, _options.GroupId!, error.Message);
        }

        try
        {
            completed?.Invoke(offsets, failure);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The caller's code, on a thread of ours: there is nobody to throw it to.
            ConsumerLog.CommitCallbackFailed(_context.Logger, error);
        }
    }
}
