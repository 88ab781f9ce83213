using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Sharing;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Apis;

/// <summary>What ShareFetch and ShareAcknowledge have in common.</summary>
internal static class ShareRequests
{
    // As long as an id that people read.
    private const int MaxMemberIdLength = 36;

    public static bool IsValidMemberId(string? memberId) => memberId is { Length: > 0 and <= MaxMemberIdLength };

    /// <summary>Refuses requests that no member of a share group sends.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST or GROUP_AUTHORIZATION_FAILED.</exception>
    public static (string GroupId, string MemberId) Identify(RequestContext context, string? groupId, string? memberId)
    {
        if (groupId is null)
            throw new KafkaException(ErrorCode.InvalidRequest, "Invalid group id in the request.");
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, groupId))
            throw new KafkaException(ErrorCode.GroupAuthorizationFailed, ErrorCodes.Message(ErrorCode.GroupAuthorizationFailed));
        return IsValidMemberId(memberId) ? (groupId, memberId!) : throw new KafkaException(ErrorCode.InvalidRequest, "Invalid member id in the request.");
    }

    /// <summary>Takes what a member says of records in many partitions, each for itself.</summary>
    /// <returns>Null for each partition where it counts, else why it does not.</returns>
    public static async Task<Dictionary<SharedPartition, KafkaException?>> AcknowledgeAsync(
        RequestContext context, SharePartitionManager manager, MetadataImage image, string groupId, string memberId, bool isRenewal,
        Dictionary<SharedPartition, List<AcknowledgementBatch>> acknowledgements)
    {
        var results = new Dictionary<SharedPartition, KafkaException?>();
        var pending = new List<(SharedPartition Partition, Task<KafkaException?> Result)>();
        foreach (var (partition, batches) in acknowledgements)
        {
            var error = image.Topics.Find(partition.TopicId) is not { } topic ? ErrorCode.UnknownTopicId
                : AcknowledgementBatch.Check(batches, context.ApiVersion, isRenewal) is not ErrorCode.None and var invalid ? invalid
                : !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.Name) ? ErrorCode.TopicAuthorizationFailed
                : topic.Partition(partition.Index) is null ? ErrorCode.UnknownTopicOrPartition
                : ErrorCode.None;
            if (error != ErrorCode.None)
                results[partition] = new KafkaException(error, ErrorCodes.Message(error));
            else if (batches.Count == 0)
                results[partition] = null;
            else
                pending.Add((partition, manager.AcknowledgeAsync(groupId, memberId, partition, batches)));
        }

        foreach (var (partition, result) in pending)
            results[partition] = await result;
        return results;
    }

    /// <summary>The leader to tell a member that asked the wrong broker.</summary>
    public static (int Id, int Epoch)? LeaderOf(MetadataImage image, SharedPartition partition, ErrorCode error) =>
        error is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch && image.Topics.Find(partition.TopicId)?.Partition(partition.Index) is { } registration
            ? (registration.Leader, registration.LeaderEpoch)
            : null;
}
