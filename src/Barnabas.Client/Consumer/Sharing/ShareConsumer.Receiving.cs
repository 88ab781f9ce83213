using Barnabas.Client.Networking;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer.Sharing;

// What the answers to fetches bring. In the caller's polls, commits and disposal only.
public sealed partial class ShareConsumer<TKey, TValue>
{
    private void Receive(ShareSession session)
    {
        ReceiveFetch(session);
        ReceiveCommits(session);
    }

    private void ReceiveFetch(ShareSession session)
    {
        if (session.InFlight is not { IsCompleted: true } fetch) return;
        session.InFlight = null;
        if (!fetch.IsCompletedSuccessfully)
        {
            Failed(session, fetch.Exception?.InnerException as KafkaException ?? ErrorCode.NetworkException.ToException(fetch.Exception?.InnerException?.Message));
            return;
        }

        var response = fetch.Result;
        if (response.ErrorCode != ErrorCode.None)
        {
            Failed(session, response.ErrorCode.ToException(response.ErrorMessage));
            return;
        }

        foreach (var topic in response.Responses)
        {
            foreach (var data in topic.Partitions)
            {
                if (session.Find(topic.TopicId, data.PartitionIndex) is not { } partition) continue;
                var error = (ErrorCode)data.AcknowledgeErrorCode;
                Tell(session.Sent, partition, error == ErrorCode.None ? null : error.ToException(data.AcknowledgeErrorMessage));
                if (data.ErrorCode == ErrorCode.None) Accept(session, partition, data);
                else Refused(data.ErrorCode, data.ErrorMessage);
            }
        }

        session.Succeeded();
    }

    private void Failed(ShareSession session, KafkaException error)
    {
        ConsumerLog.FetchFailed(_logger, session.Node, error.Message);
        Tell(session.Sent, error);
        Tell(session.Pending, error);
        session.Reset();
        var isSession = error.ErrorCode is ErrorCode.ShareSessionNotFound or ErrorCode.InvalidShareSessionEpoch or ErrorCode.ShareSessionLimitReached;
        if (!isSession && !ErrorClassification.IsRetriable(error)) Report(error);
        var pause = _cluster.RetryBackoff.After(++session.Failures);
        session.NotBeforeTimestamp = _cluster.Time.GetTimestamp() + (long)(pause.TotalSeconds * _cluster.Time.TimestampFrequency);
        _cluster.Metadata.RequestUpdate();
    }

    private void Refused(ErrorCode code, string? message)
    {
        if (ErrorClassification.NeedsMetadataRefresh(code)) _cluster.Metadata.RequestUpdate();
        else if (!ErrorCodes.IsRetriable(code)) Report(code.ToException(message));
    }

    // The broker gives out offsets; those that turn out to hold no record for the caller are answered at once.
    private void Accept(ShareSession session, SharedPartition partition, ShareFetchResponse.PartitionData data)
    {
        var seen = new HashSet<long>();
        var unseen = Acknowledgements.Gap;
        try
        {
            if (data.Records is { Length: > 0 } records) Read(session, partition, records, data.AcquiredRecords, seen);
        }
        catch (Exception error) when (error is InvalidRecordException or MalformedMessageException or CorruptRecordException or UnsupportedForMessageFormatException)
        {
            unseen = (sbyte)AcknowledgeType.Reject;
            Report(new KafkaException(ErrorCode.CorruptMessage, $"Records of {partition.Partition} are corrupt: {error.Message}", error));
        }

        foreach (var range in data.AcquiredRecords)
        {
            for (var offset = range.FirstOffset; offset <= range.LastOffset; offset++)
            {
                if (!seen.Contains(offset)) session.Pending.Add(partition, offset, unseen);
            }
        }
    }

    private void Read(ShareSession session, SharedPartition partition, ReadOnlyMemory<byte> records, List<ShareFetchResponse.AcquiredRecords> acquired, HashSet<long> seen)
    {
        foreach (var batch in RecordBatches.EnumerateComplete(records))
        {
            if (_options.CheckCrcs) batch.EnsureValid();
            if (batch.IsControl) continue;
            foreach (ref readonly var record in batch.Records())
            {
                var offset = record.Offset;
                if (acquired.Find(range => range.FirstOffset <= offset && offset <= range.LastOffset) is not { } range || !seen.Add(offset)) continue;
                var result = Result(partition.Partition, in record, batch.TimestampType, batch.PartitionLeaderEpoch);
                _received.Enqueue(new ShareDelivery<TKey, TValue>(session, partition, new ShareConsumeResult<TKey, TValue>(result, range.DeliveryCount)));
            }
        }
    }

    private ConsumeResult<TKey, TValue> Result(TopicPartition partition, in RecordView record, TimestampType timestampType, int leaderEpoch)
    {
        TKey key = default!;
        TValue value = default!;
        RecordDeserializationException? error = null;
        var part = "key";
        try
        {
            key = _keyDeserializer.Deserialize(record.KeyBytes.Span, !record.HasKey, new SerializationContext(partition.Topic, true));
            part = "value";
            value = _valueDeserializer.Deserialize(record.ValueBytes.Span, !record.HasValue, new SerializationContext(partition.Topic, false));
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // Deserializers are the caller's code: whatever they throw belongs to this record alone.
            error = new RecordDeserializationException(partition, record.Offset, part, cause);
        }

        return new ConsumeResult<TKey, TValue>(partition, in record, timestampType, leaderEpoch, key, value, error);
    }
}
