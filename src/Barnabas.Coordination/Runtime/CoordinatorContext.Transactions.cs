using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage;

namespace Barnabas.Coordination.Runtime;

internal sealed partial class CoordinatorContext<TShard>
{
    public Task<T> WriteTransactionalAsync<T>(TransactionalProducer producer, Func<TShard, CoordinatorResult<T>> operation)
    {
        var reply = new ParkedReply<T>();
        Post(self => self.Execute(
            operation, reply, (parts, result) => self.WriteTransactional(parts, producer, result, new DeferredReply<T>(result.OnCommitted, result.Response, reply))));
        return reply.Task;
    }

    public Task CompleteTransactionAsync(TransactionEnd end)
    {
        var reply = new ParkedReply<bool>();
        Post(self => self.Execute(
            static _ => new CoordinatorResult<bool>([], true), reply, (parts, _) => self.WriteMarker(parts, end, new DeferredReply<bool>(null, true, reply))));
        return reply.Task;
    }

    /// <summary>A producer's records have a batch of their own, behind all that was gathered before them.</summary>
    private void WriteTransactional(ShardParts parts, TransactionalProducer producer, CoordinatorResult result, DeferredReply reply)
    {
        if (result.Records.Count == 0)
        {
            ReplyWhenCommitted(parts, reply);
            return;
        }

        try
        {
            var entries = CoordinatorBatch.Serialize(result.Records, 0, result.Records.Count);
            EnsureRoom(parts, entries);
            Flush();
            EnsureStillOpen(parts);
            using var builder = new RecordBatchBuilder(new RecordBatchOptions
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.ProducerEpoch,
                BaseSequence = 0,
                IsTransactional = true,
            });
            for (var i = 0; i < entries.Length; i++)
            {
                builder.Append(parts.Context.NowMs, entries[i].Key, entries[i].Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?));
                parts.Shard.Replay(parts.WrittenOffset + i, producer.ProducerId, result.Records[i]);
            }

            AppendTransactional(parts, builder.Build(), new TransactionAppend(producer.Guard), entries.Length, reply);
        }
        catch (KafkaException e)
        {
            reply.Complete(e);
        }
        catch (Exception e)
        {
            // The shard is replayed from its log; who asked is told at once.
            reply.Complete(CoordinatorErrors.Wrap(e));
            throw;
        }
    }

    private void WriteMarker(ShardParts parts, TransactionEnd end, DeferredReply reply)
    {
        try
        {
            Flush();
            EnsureStillOpen(parts);
            var batch = new EndTransactionMarker(end.IsCommit, end.CoordinatorEpoch).BuildBatch(0, parts.Context.NowMs, -1, end.ProducerId, end.ProducerEpoch);
            parts.Shard.ReplayEndTransactionMarker(end.ProducerId, end.IsCommit);
            AppendTransactional(parts, batch, new TransactionAppend(null, end.TransactionVersion), 1, reply);
        }
        catch (KafkaException e)
        {
            reply.Complete(e);
        }
        catch (Exception e)
        {
            // The shard is replayed from its log; who asked is told at once.
            reply.Complete(CoordinatorErrors.Wrap(e));
            throw;
        }
    }

    private void AppendTransactional(ShardParts parts, Memory<byte> bytes, TransactionAppend transaction, int recordCount, DeferredReply reply)
    {
        long endOffset;
        try
        {
            endOffset = parts.Partition.Append(bytes, _epoch, transaction);
        }
        catch (Exception e)
        {
            var failure = CoordinatorErrors.Wrap(e);
            _environment.Logger.AppendFailed(e, _topicPartition, bytes.Length, failure.ErrorCode);
            parts.Rollback.Unwind();
            reply.Complete(failure);
            return;
        }

        parts.Rollback.Clear();
        if (endOffset != parts.WrittenOffset + recordCount)
        {
            _environment.Logger.UnexpectedOffset(_topicPartition, parts.WrittenOffset + recordCount, endOffset);
            reply.Complete(new KafkaException(ErrorCode.NotCoordinator));
            Reload();
            return;
        }

        parts.WrittenOffset = endOffset;
        reply.Offset = endOffset;
        reply.DeadlineMs = TickMs + _environment.Options.WriteTimeoutMs;
        _deferred.Add(reply);
        Advance(parts, parts.Partition.HighWatermark);
    }

    /// <exception cref="KafkaException">NOT_COORDINATOR: the write of what was gathered before ended this loading of the shard.</exception>
    private void EnsureStillOpen(ShardParts parts)
    {
        if (!ReferenceEquals(_parts, parts))
            throw new KafkaException(ErrorCode.NotCoordinator);
    }
}
