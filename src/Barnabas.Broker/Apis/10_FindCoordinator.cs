// FindCoordinator, versions 0-6 (several keys at once from 4). The topic behind a coordinator is created when it is first asked for, before the answer.
// Key types: 0 group, 1 transaction, 2 share partition (from 6).
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Topics;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class FindCoordinatorApi(MetadataCache metadata, AutoTopicCreation topics)
    : ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse>(ApiKey.FindCoordinator)
{
    private const short FirstBatchedVersion = 4;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;
    private const sbyte ShareKey = 2;
    private const short FirstVersionWithShareKeys = 6;

    protected override async ValueTask<FindCoordinatorResponse?> HandleAsync(RequestContext context, FindCoordinatorRequest request)
    {
        if (context.ApiVersion < FirstBatchedVersion)
        {
            var single = await FindAsync(context, request.KeyType, request.Key);
            return new FindCoordinatorResponse { ErrorCode = single.ErrorCode, ErrorMessage = single.ErrorMessage, NodeId = single.NodeId, Host = single.Host, Port = single.Port };
        }
        var response = new FindCoordinatorResponse();
        foreach (var key in request.CoordinatorKeys)
            response.Coordinators.Add(await FindAsync(context, request.KeyType, key));
        return response;
    }

    protected override FindCoordinatorResponse ErrorResponse(RequestContext context, FindCoordinatorRequest request, KafkaException error)
    {
        if (context.ApiVersion < FirstBatchedVersion)
            return new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message, NodeId = -1, Port = -1 };
        var response = new FindCoordinatorResponse();
        foreach (var key in request.CoordinatorKeys)
            response.Coordinators.Add(Failed(key, error.ErrorCode, error.Message));
        return response;
    }

    private async ValueTask<FindCoordinatorResponse.Coordinator> FindAsync(RequestContext context, sbyte keyType, string key)
    {
        if (keyType == GroupKey && !context.IsAuthorized(AclOperation.Describe, ResourceType.Group, key))
            return Failed(key, ErrorCode.GroupAuthorizationFailed, ErrorCodes.Message(ErrorCode.GroupAuthorizationFailed));
        if (keyType == TransactionKey && !context.IsAuthorized(AclOperation.Describe, ResourceType.TransactionalId, key))
            return Failed(key, ErrorCode.TransactionalIdAuthorizationFailed, ErrorCodes.Message(ErrorCode.TransactionalIdAuthorizationFailed));
        if (keyType == ShareKey)
            context.RequireCluster(AclOperation.ClusterAction);
        if (TopicOf(context, keyType, key) is not { } topicName)
            return Failed(key, ErrorCode.InvalidRequest, $"Coordinators of key type {keyType} are not served by this broker.");
        var topic = metadata.Image.Topics.Find(topicName);
        if (topic is null)
        {
            var error = await topics.CreateInternalAsync(topicName, context);
            topic = metadata.Image.Topics.Find(topicName);
            if (topic is null)
                return Failed(key, ErrorCode.CoordinatorNotAvailable, error == ErrorCode.None ? null : ErrorCodes.Message(error));
        }
        var partition = topic.Partition(GroupPartitioner.PartitionFor(key, topic.PartitionCount));
        return partition is { HasLeader: true } && BrokerEndpoints.Find(metadata.Image, partition.Leader, context.ListenerName) is { } leader
            ? new() { Key = key, NodeId = leader.Broker.Id, Host = leader.Endpoint.Host, Port = leader.Endpoint.Port }
            : Failed(key, ErrorCode.CoordinatorNotAvailable, null);
    }

    /// <summary>The topic behind the coordinator; null where the key is none that it has.</summary>
    private static string? TopicOf(RequestContext context, sbyte keyType, string key) => keyType switch
    {
        GroupKey => TopicNames.ConsumerOffsets,
        TransactionKey => TopicNames.TransactionState,
        ShareKey when context.ApiVersion >= FirstVersionWithShareKeys && SharePartitionKey.TryParse(key, out _) => TopicNames.ShareGroupState,
        _ => null,
    };

    private static FindCoordinatorResponse.Coordinator Failed(string key, ErrorCode error, string? message) =>
        new() { Key = key, ErrorCode = error, ErrorMessage = message, NodeId = -1, Port = -1 };
}
