using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Barnabas.Storage.Indexes;

namespace Barnabas.Broker.Fetching;

/// <summary>Reads one partition for a fetch and turns refusals into error codes. Stateless.</summary>
internal sealed class FetchReader(ReplicaManager replicas)
{
    /// <summary>Reads one partition.</summary>
    /// <param name="image">The metadata the whole fetch is answered from.</param>
    /// <param name="target">The partition and offset.</param>
    /// <param name="isolation">How far a reader may see.</param>
    /// <param name="maxBytes">The most bytes to read.</param>
    /// <param name="minOneMessage">Return the first batch whole even when it is larger.</param>
    /// <param name="partition">The partition, null on an error that has none.</param>
    public PartitionRead Read(MetadataImage image, FetchTarget target, FetchIsolation isolation, int maxBytes, bool minOneMessage, out Partition? partition)
    {
        partition = null;
        if (MetadataCache.ResolveName(image, target.Topic, target.TopicId) is not { } topic)
            return new PartitionRead(ErrorCode.UnknownTopicId);
        var error = replicas.FindLeader(topic, target.Partition, target.CurrentLeaderEpoch, out partition);
        if (error == ErrorCode.None && target.TopicId != Uuid.Zero && partition!.TopicId != target.TopicId)
            error = ErrorCode.InconsistentTopicId;
        if (error != ErrorCode.None)
            return new PartitionRead(error) { CurrentLeader = LeaderOf(image, topic, target.Partition, error) };
        while (true)
        {
            var log = partition!.Log;
            try
            {
                return ReadLog(log, target, isolation, maxBytes, minOneMessage);
            }
            catch (KafkaStorageException) when (!ReferenceEquals(log, partition.Log))
            {
                // The replica moved to another log directory meanwhile.
            }
            catch (KafkaException e)
            {
                return new PartitionRead(e.ErrorCode);
            }
        }
    }

    /// <summary>Whether another read would find something else: a later end, or a partition that is deleted or led elsewhere.</summary>
    public bool HasMovedOn(FetchTarget target, Partition partition, in PartitionRead read, FetchIsolation isolation) =>
        ReadableEndOffset(partition.Log, isolation) != read.ReadableEndOffset
        || replicas.FindLeader(partition.TopicPartition.Topic, target.Partition, target.CurrentLeaderEpoch, out var found) != ErrorCode.None || !ReferenceEquals(found, partition);

    /// <summary>The offset up to which a reader of that isolation sees.</summary>
    public static long ReadableEndOffset(UnifiedLog log, FetchIsolation isolation) => isolation switch
    {
        FetchIsolation.LogEnd => log.LogEndOffset,
        FetchIsolation.TransactionCommitted => log.LastStableOffset,
        _ => log.HighWatermark,
    };

    private static PartitionRead ReadLog(UnifiedLog log, FetchTarget target, FetchIsolation isolation, int maxBytes, bool minOneMessage)
    {
        if (target.LastFetchedEpoch >= 0 && DivergesAt(log, target) is { } diverging)
            return State(log, isolation) with { DivergingEpoch = diverging };
        // State first: what is read after it may be more, never less, than what a waiter compares with.
        var state = State(log, isolation);
        var data = log.Read(target.FetchOffset, Math.Max(0, maxBytes), isolation, minOneMessage, mayBeInFile: true);
        if (data.Records.Length == 0 && data.AbortedTransactions is null or { Count: 0 })
        {
            data.Dispose();
            return state with { AbortedTransactions = isolation == FetchIsolation.TransactionCommitted ? [] : null };
        }
        return state with { Records = data.Records, AbortedTransactions = ToWire(data.AbortedTransactions), Owner = data };
    }

    private static PartitionRead State(UnifiedLog log, FetchIsolation isolation) => new()
    {
        HighWatermark = log.HighWatermark,
        LastStableOffset = log.LastStableOffset,
        LogStartOffset = log.LogStartOffset,
        ReadableEndOffset = ReadableEndOffset(log, isolation),
    };

    private static FetchResponse.EpochEndOffset? DivergesAt(UnifiedLog log, FetchTarget target)
    {
        var end = log.EndOffsetForEpoch(target.LastFetchedEpoch);
        if (end.Epoch < 0 || end.Offset < 0)
            throw new KafkaException(ErrorCode.OffsetOutOfRange, $"Could not determine the end offset of the last fetched epoch {target.LastFetchedEpoch}");
        return end.Epoch < target.LastFetchedEpoch || end.Offset < target.FetchOffset
            ? new FetchResponse.EpochEndOffset { Epoch = end.Epoch, EndOffset = end.Offset }
            : null;
    }

    private static (int Id, int Epoch)? LeaderOf(MetadataImage image, string topic, int partition, ErrorCode error) =>
        error is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch && image.Topics.FindPartition(topic, partition) is { } registration
            ? (registration.Leader, registration.LeaderEpoch)
            : null;

    private static List<FetchResponse.AbortedTransaction>? ToWire(IReadOnlyList<AbortedTransaction>? aborted)
    {
        if (aborted is null)
            return null;
        var wire = new List<FetchResponse.AbortedTransaction>(aborted.Count);
        foreach (var transaction in aborted)
            wire.Add(new() { ProducerId = transaction.ProducerId, FirstOffset = transaction.FirstOffset });
        return wire;
    }
}
