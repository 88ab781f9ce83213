using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Coordination.Runtime;

/// <summary>How far the replay of a log has come.</summary>
internal sealed class CoordinatorLoad(long startOffset, long startedMs)
{
    public long NextOffset { get; private set; } = startOffset;

    public long StartedMs { get; } = startedMs;

    public long RecordCount { get; private set; }

    public long ByteCount { get; private set; }

    /// <summary>Reads one buffer from the log and replays it.</summary>
    /// <exception cref="KafkaException">The log cannot be read.</exception>
    public void ReplayNext(ICoordinatorPartition partition, CoordinatorEnvironment environment, TopicPartition topicPartition, ICoordinatorShard shard)
    {
        using var slice = partition.Read(NextOffset, environment.Options.LoadBufferBytes);
        if (slice.Batches.IsEmpty)
            throw new KafkaException(ErrorCode.KafkaStorageError, $"{topicPartition} has nothing to read at offset {NextOffset}, before its end {partition.LogEndOffset}.");

        ByteCount += slice.Batches.Length;
        foreach (var batch in RecordBatches.Enumerate(slice.Batches))
        {
            if (batch.IsControl)
                ReplayControl(batch, partition.Decompression, shard);
            else
                ReplayRecords(batch, partition.Decompression, environment, topicPartition, shard);
            NextOffset = Math.Max(NextOffset, batch.NextOffset);
        }
    }

    private void ReplayRecords(RecordBatch batch, BufferPool pool, CoordinatorEnvironment environment, TopicPartition topicPartition, ICoordinatorShard shard)
    {
        var producerId = batch.IsTransactional ? batch.ProducerId : -1;
        foreach (var record in batch.Records(pool))
        {
            // A read may begin in the middle of a batch.
            if (record.Offset < NextOffset)
                continue;

            RecordCount++;
            if (!record.HasKey)
            {
                environment.Logger.UnknownRecord(topicPartition, record.Offset);
                continue;
            }

            if (environment.Serde.Deserialize(record.KeyBytes, record.Value) is { } coordinatorRecord)
                shard.Replay(record.Offset, producerId, coordinatorRecord);
            else
                environment.Logger.UnknownRecord(topicPartition, record.Offset);
        }
    }

    private void ReplayControl(RecordBatch batch, BufferPool pool, ICoordinatorShard shard)
    {
        foreach (var record in batch.Records(pool))
        {
            if (record.Offset < NextOffset)
                continue;

            RecordCount++;
            var type = ControlRecords.ReadType(record.KeyBytes.Span);
            if (type is ControlRecordType.Commit or ControlRecordType.Abort)
                shard.ReplayEndTransactionMarker(batch.ProducerId, type == ControlRecordType.Commit);
        }
    }
}
