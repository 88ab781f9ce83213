using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

internal sealed partial class CoordinatorContext<TShard>
{
    private void Write(ShardParts parts, CoordinatorResult result, DeferredReply? reply)
    {
        if (result.Records.Count == 0)
        {
            if (reply is not null)
                ReplyWhenCommitted(parts, reply);
            return;
        }

        if (result.IsAtomic)
            WriteChunk(parts, result, 0, result.Records.Count, reply);
        else
            WriteInChunks(parts, result, reply);

        if (_environment.Options.AppendLingerMs == 0)
            Flush();
    }

    private void ReplyWhenCommitted(ShardParts parts, DeferredReply reply)
    {
        reply.DeadlineMs = TickMs + _environment.Options.WriteTimeoutMs;
        if (parts.Batch is { } batch)
        {
            batch.AddReply(reply);
        }
        else if (parts.CommittedOffset >= parts.WrittenOffset)
        {
            reply.Complete(null);
        }
        else
        {
            reply.Offset = parts.WrittenOffset;
            _deferred.Add(reply);
        }
    }

    /// <summary>Long clean-ups need not be whole: each record may go into its own batch; the reply rides on the last.</summary>
    private void WriteInChunks(ShardParts parts, CoordinatorResult result, DeferredReply? reply)
    {
        for (var i = 0; i < result.Records.Count; i++)
        {
            var last = i == result.Records.Count - 1;
            if (!WriteChunk(parts, result, i, 1, last ? reply : null))
            {
                if (!last)
                    reply?.Complete(new KafkaException(ErrorCode.UnknownServerError));
                return;
            }
        }
    }

    private bool WriteChunk(ShardParts parts, CoordinatorResult result, int start, int count, DeferredReply? reply)
    {
        CoordinatorBatch.Entry[] entries;
        try
        {
            entries = CoordinatorBatch.Serialize(result.Records, start, count);
            EnsureRoom(parts, entries);
        }
        catch (KafkaException e)
        {
            reply?.Complete(e);
            return false;
        }

        if (!ReferenceEquals(_parts, parts))
        {
            reply?.Complete(new KafkaException(ErrorCode.NotCoordinator));
            return false;
        }

        var batch = parts.Batch ??= NewBatch(parts);
        if (reply is not null)
        {
            reply.DeadlineMs = TickMs + _environment.Options.WriteTimeoutMs;
            batch.AddReply(reply);
        }

        for (var i = 0; i < count; i++)
        {
            var offset = parts.WrittenOffset + batch.RecordCount;
            batch.Add(entries[i], parts.Context.NowMs);
            if (result.ReplayRecords)
                parts.Shard.Replay(offset, -1, result.Records[start + i]);
        }

        return true;
    }

    /// <summary>Writes the open batch first if these records would not fit behind it.</summary>
    /// <exception cref="KafkaException">RECORD_LIST_TOO_LARGE: they would not fit into a batch of their own.</exception>
    private void EnsureRoom(ShardParts parts, CoordinatorBatch.Entry[] entries)
    {
        var limit = parts.Partition.MaxBatchBytes;
        var size = CoordinatorBatch.SizeOf(entries);
        if (CoordinatorBatch.HeaderBytes + size > limit)
        {
            throw new KafkaException(ErrorCode.RecordListTooLarge,
                $"Message batch size is {CoordinatorBatch.HeaderBytes + size} bytes in append to partition {_topicPartition.Topic}-{_topicPartition.Partition}, which exceeds the maximum configured size of {limit}.");
        }

        if (parts.Batch is { } batch && batch.SizeInBytes + size > limit)
            Flush();
    }

    private CoordinatorBatch NewBatch(ShardParts parts)
    {
        var linger = _environment.Options.AppendLingerMs;
        return new CoordinatorBatch(_environment.Options.Compression, linger > 0 ? TickMs + linger : long.MaxValue);
    }

    /// <summary>Writes the gathered records, if any.</summary>
    private void Flush()
    {
        if (_parts is not { Batch: { } batch } parts)
            return;

        parts.Batch = null;
        using (batch)
        {
            var bytes = batch.Build();
            long endOffset;
            try
            {
                endOffset = parts.Partition.Append(bytes, _epoch);
            }
            catch (Exception e)
            {
                var failure = CoordinatorErrors.Wrap(e);
                _environment.Logger.AppendFailed(e, _topicPartition, bytes.Length, failure.ErrorCode);
                parts.Rollback.Unwind();
                batch.FailAll(failure);
                return;
            }

            parts.Rollback.Clear();
            var expected = parts.WrittenOffset + batch.RecordCount;
            if (endOffset != expected)
            {
                _environment.Logger.UnexpectedOffset(_topicPartition, expected, endOffset);
                batch.FailAll(new KafkaException(ErrorCode.NotCoordinator));
                Reload();
                return;
            }

            parts.WrittenOffset = endOffset;
            batch.DeferAll(endOffset, _deferred);
            Advance(parts, parts.Partition.HighWatermark);
        }
    }

    private void OnHighWatermark(ICoordinatorPartition? partition, long highWatermark)
    {
        if (_parts is { } parts && ReferenceEquals(parts.Partition, partition))
            Advance(parts, highWatermark);
    }

    private void Advance(ShardParts parts, long highWatermark)
    {
        if (highWatermark <= parts.CommittedOffset)
            return;

        parts.CommittedOffset = highWatermark;
        parts.Context.NowMs = NowMs;
        _deferred.CompleteUpTo(highWatermark);
    }
}
