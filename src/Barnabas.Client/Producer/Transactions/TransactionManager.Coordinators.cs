using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Producer;

// Partitions and offsets on their way to the coordinators.
internal sealed partial class TransactionManager
{
    private const short LastVersionOfAddPartitions = 3;
    private const short LastVersionOfOffsetCommitWithoutAdding = 4;
    private const short FirstVersionOfOffsetCommitWithMember = 3;

    private readonly Retrier _retrier = new(cluster);

    /// <summary>Commits a group's offsets with the transaction.</summary>
    public async Task SendOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, CancellationToken cancellationToken)
    {
        bool usesEpochBump;
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase != TransactionPhase.InTransaction)
                throw new InvalidOperationException($"Offsets are sent within a transaction (state {_phase}).");
            if (offsets.Count == 0)
                return;
            usesEpochBump = _usesEpochBump;
            _hasStarted |= usesEpochBump;
        }

        if (!usesEpochBump)
            await AddOffsetsAsync(group.GroupId, cancellationToken);
        await AtCoordinatorAsync(CoordinatorKind.Group, group.GroupId, "txnOffsetCommit", async (connection, token) =>
        {
            var needsMember = group.MemberId.Length > 0 || group.GenerationId >= 0;
            var version = connection.Versions.Choose(
                ApiKey.TxnOffsetCommit,
                usesEpochBump ? (short)(LastVersionOfOffsetCommitWithoutAdding + 1) : needsMember ? FirstVersionOfOffsetCommitWithMember : (short)0,
                usesEpochBump ? short.MaxValue : LastVersionOfOffsetCommitWithoutAdding);
            var response = await connection.SendAsync(BuildCommit(offsets, group), version, token);
            var error = response.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);
            return error == ErrorCode.None ? response : throw Named(error);
        }, cancellationToken);
    }

    private async Task AddOffsetsAsync(string groupId, CancellationToken cancellationToken)
    {
        await AtCoordinatorAsync(CoordinatorKind.Transaction, _transactionalId, "addOffsetsToTxn", async (connection, token) =>
        {
            var (id, epoch) = Producer;
            var response = await connection.SendAsync(
                new AddOffsetsToTxnRequest { TransactionalId = _transactionalId, ProducerId = id, ProducerEpoch = epoch, GroupId = groupId }, token);
            return response.ErrorCode == ErrorCode.None ? response : throw Named(response.ErrorCode);
        }, cancellationToken);
        lock (_gate)
            _hasStarted = true;
    }

    private TxnOffsetCommitRequest BuildCommit(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group)
    {
        var (id, epoch) = Producer;
        var request = new TxnOffsetCommitRequest
        {
            TransactionalId = _transactionalId,
            GroupId = group.GroupId,
            ProducerId = id,
            ProducerEpoch = epoch,
            GenerationId = group.GenerationId,
            MemberId = group.MemberId,
            GroupInstanceId = group.GroupInstanceId,
        };
        foreach (var topic in offsets.GroupBy(static o => o.Key.Topic, StringComparer.Ordinal))
        {
            var committed = new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic { Name = topic.Key };
            foreach (var (partition, offset) in topic)
            {
                committed.Partitions.Add(new()
                {
                    PartitionIndex = partition.Partition,
                    CommittedOffset = offset.Offset,
                    CommittedLeaderEpoch = offset.LeaderEpoch,
                    CommittedMetadata = offset.Metadata,
                });
            }

            request.Topics.Add(committed);
        }

        return request;
    }

    /// <summary>Before transaction version 2: adds the partitions that the sending loop waits for.</summary>
    private async Task AddWantedAsync()
    {
        await Task.Yield();
        try
        {
            while (TakeWanted() is { Count: > 0 } partitions)
            {
                await AtCoordinatorAsync(CoordinatorKind.Transaction, _transactionalId, "addPartitionsToTxn", (connection, token) => AddAsync(connection, partitions, token), CancellationToken.None);
                lock (_gate)
                {
                    _hasStarted = true;
                    _added.UnionWith(partitions);
                }

                accumulator.Signal.Set();
            }
        }
        catch (KafkaException error)
        {
            // A time-out, too, leaves the transaction in doubt: it can only be aborted.
            lock (_gate)
                Fail(error.InnerException as KafkaException ?? error, _phase == TransactionPhase.FatalError);
        }
    }

    private List<TopicPartition> TakeWanted()
    {
        lock (_gate)
        {
            var partitions = _wanted.Except(_added).ToList();
            _wanted.Clear();
            return _phase is TransactionPhase.InTransaction or TransactionPhase.Committing ? partitions : [];
        }
    }

    private async Task<bool> AddAsync(NodeConnection connection, List<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var (id, epoch) = Producer;
        var request = new AddPartitionsToTxnRequest { V3AndBelowTransactionalId = _transactionalId, V3AndBelowProducerId = id, V3AndBelowProducerEpoch = epoch };
        foreach (var topic in partitions.GroupBy(static p => p.Topic, StringComparer.Ordinal))
            request.V3AndBelowTopics.Add(new() { Name = topic.Key, Partitions = [.. topic.Select(static p => p.Partition)] });
        var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.AddPartitionsToTxn, highest: LastVersionOfAddPartitions), cancellationToken);
        var error = response.ResultsByTopicV3AndBelow.SelectMany(static t => t.ResultsByPartition).Select(static p => ErrorCodes.FromCode(p.PartitionErrorCode))
            .FirstOrDefault(static e => e is not (ErrorCode.None or ErrorCode.OperationNotAttempted));
        return error == ErrorCode.None ? true : throw Named(error);
    }

    private async Task<T> AtCoordinatorAsync<T>(
        CoordinatorKind kind, string key, string call, Func<NodeConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await _retrier.RunAsync(call, options.MaxBlock, async token =>
            {
                try
                {
                    return await ask(await cluster.ConnectToCoordinatorAsync(kind, key, token), token);
                }
                catch (KafkaException error) when (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode))
                {
                    cluster.ForgetCoordinator(kind, key);
                    throw;
                }
            }, cancellationToken);
        }
        catch (KafkaException error)
        {
            throw Refused(error);
        }
    }
}
