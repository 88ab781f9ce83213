using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

public sealed partial class ShareCoordinatorShard
{
    private KafkaException? CheckWrite(SharePartitionKey key, WriteShareGroupStateRequest.PartitionData request, out Entry? entry)
    {
        entry = null;
        if (CheckKey(key) is { } invalid)
            return invalid;
        if (!_entries.TryGetValue(key, out entry))
            return new KafkaException(ErrorCode.InvalidRequest, "Write operation on uninitialized share partition not allowed.");
        if (request.LeaderEpoch != -1 && entry.LeaderEpoch > request.LeaderEpoch)
            return Error(ErrorCode.FencedLeaderEpoch);
        if (request.StateEpoch != -1 && entry.StateEpoch > request.StateEpoch)
            return Error(ErrorCode.FencedStateEpoch);
        return CheckTopic(key);
    }

    private KafkaException? Check(SharePartitionKey key, int stateEpoch, int? knownStateEpoch) =>
        CheckKey(key)
        ?? (stateEpoch != -1 && knownStateEpoch > stateEpoch ? Error(ErrorCode.FencedStateEpoch) : null)
        ?? CheckTopic(key);

    private static KafkaException? CheckKey(SharePartitionKey key) =>
        key.Partition < 0 ? new KafkaException(ErrorCode.InvalidRequest, "The partition id cannot be a negative number.") : null;

    private KafkaException? CheckTopic(SharePartitionKey key) =>
        _topics().TryGet(key.TopicId, out var topic) && key.Partition < topic.PartitionCount ? null : Error(ErrorCode.UnknownTopicOrPartition);

    private static KafkaException Error(ErrorCode code) => new(code, ErrorCodes.Message(code));
}
