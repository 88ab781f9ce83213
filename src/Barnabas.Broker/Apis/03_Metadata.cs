// Metadata, versions 0-13. In KRaft mode a broker names a random live broker as controller, as clients send controller requests to any broker; this one names itself.
// Deviation: a topic that the request creates is created before the answer, which then has its partitions; Kafka answers UNKNOWN_TOPIC_OR_PARTITION and lets the client ask again.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Topics;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class MetadataApi(BrokerIdentity identity, MetadataCache metadata, AutoTopicCreation autoCreation)
    : ApiHandler<MetadataRequest, MetadataResponse>(ApiKey.Metadata)
{
    private const short FirstVersionWithTopicIds = 12;
    private const short FirstVersionWithNullForAll = 1;
    private const short FirstVersionWithOperations = 8;
    private const short LastVersionWithClusterOperations = 10;

    protected override async ValueTask<MetadataResponse?> HandleAsync(RequestContext context, MetadataRequest request)
    {
        var isAll = request.Topics is null || (context.ApiVersion < FirstVersionWithNullForAll && request.Topics.Count == 0);
        var created = isAll ? null : await CreateMissingAsync(context, request);
        var image = metadata.Image;
        var response = new MetadataResponse { ClusterId = identity.ClusterId, ControllerId = ControllerId(image, context.ListenerName) };
        foreach (var (broker, endpoint) in BrokerEndpoints.Alive(image, context.ListenerName))
            response.Brokers.Add(new() { NodeId = broker.Id, Host = endpoint.Host, Port = endpoint.Port, Rack = broker.Rack });
        if (request.IncludeClusterAuthorizedOperations && context.ApiVersion is >= FirstVersionWithOperations and <= LastVersionWithClusterOperations)
            response.ClusterAuthorizedOperations = context.IsClusterAuthorized(AclOperation.Describe) ? context.AuthorizedOperations(ResourceType.Cluster, AclBinding.ClusterName) : 0;
        if (isAll)
        {
            foreach (var topic in image.Topics.ByName.Values)
            {
                if (context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name, logIfDenied: false))
                    response.Topics.Add(Describe(image, topic, context));
            }
        }
        else
        {
            foreach (var asked in request.Topics!)
                response.Topics.Add(DescribeAsked(image, asked, created!, AllowsCreation(context, request) && autoCreation.IsEnabled, context));
        }
        if (request.IncludeTopicAuthorizedOperations && context.ApiVersion >= FirstVersionWithOperations)
        {
            foreach (var topic in response.Topics)
            {
                if (topic.ErrorCode == ErrorCode.None)
                    topic.TopicAuthorizedOperations = context.AuthorizedOperations(ResourceType.Topic, topic.Name!);
            }
        }
        return response;
    }

    protected override MetadataResponse ErrorResponse(RequestContext context, MetadataRequest request, KafkaException error)
    {
        var response = new MetadataResponse { ErrorCode = error.ErrorCode };
        foreach (var topic in request.Topics ?? [])
            response.Topics.Add(Failed(topic.Name, topic.TopicId, error.ErrorCode, context));
        return response;
    }

    private async ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateMissingAsync(RequestContext context, MetadataRequest request)
    {
        List<string>? missing = null;
        var image = metadata.Image;
        foreach (var topic in request.Topics!)
        {
            if (topic.TopicId != Uuid.Zero && context.ApiVersion < FirstVersionWithTopicIds)
                throw new KafkaException(ErrorCode.InvalidRequest, $"Topic IDs are not supported in requests of version {context.ApiVersion}");
            if (topic.Name is null && topic.TopicId == Uuid.Zero)
                throw new KafkaException(ErrorCode.InvalidRequest, "Topic name and topic id can not both be null.");
            if (topic.TopicId == Uuid.Zero && topic.Name is { } name && image.Topics.Find(name) is null && MayCreate(context, name))
                (missing ??= []).Add(name);
        }
        return missing is null || !AllowsCreation(context, request) ? AutoTopicCreation.Nothing : await autoCreation.CreateAsync(missing, context);
    }

    private static bool AllowsCreation(RequestContext context, MetadataRequest request) => request.AllowAutoTopicCreation || context.ApiVersion < 4;

    private static bool MayCreate(RequestContext context, string topic) =>
        context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic, logIfDenied: false)
        && (context.IsClusterAuthorized(AclOperation.Create, logIfDenied: false) || context.IsAuthorized(AclOperation.Create, ResourceType.Topic, topic));

    private int ControllerId(MetadataImage image, string listenerName) =>
        BrokerEndpoints.Find(image, identity.NodeId, listenerName) is null ? -1 : identity.NodeId;

    private MetadataResponse.MetadataResponseTopic DescribeAsked(
        MetadataImage image, MetadataRequest.MetadataRequestTopic asked, IReadOnlyDictionary<string, ErrorCode> created, bool allowsCreation, RequestContext context)
    {
        if (asked.TopicId != Uuid.Zero)
        {
            if (image.Topics.Find(asked.TopicId) is not { } byId)
                return Failed(null, asked.TopicId, ErrorCode.UnknownTopicId, context);
            return context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, byId.Name)
                ? Describe(image, byId, context)
                : Failed(null, asked.TopicId, ErrorCode.TopicAuthorizationFailed, context);
        }
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, asked.Name!))
            return Failed(asked.Name, Uuid.Zero, ErrorCode.TopicAuthorizationFailed, context);
        if (image.Topics.Find(asked.Name!) is { } topic)
            return Describe(image, topic, context);
        if (created.TryGetValue(asked.Name!, out var error) && error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            return Failed(asked.Name, Uuid.Zero, error, context);
        if (allowsCreation && !created.ContainsKey(asked.Name!) && !MayCreate(context, asked.Name!))
            return Failed(asked.Name, Uuid.Zero, ErrorCode.TopicAuthorizationFailed, context);
        return Failed(asked.Name, Uuid.Zero, TopicNames.IsValid(asked.Name!) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException, context);
    }

    private static MetadataResponse.MetadataResponseTopic Failed(string? name, Uuid id, ErrorCode error, RequestContext context) => new()
    {
        ErrorCode = error,
        Name = name ?? (context.ApiVersion >= FirstVersionWithTopicIds ? null : ""),
        TopicId = id,
        IsInternal = name is not null && TopicNames.IsInternal(name),
    };

    private static MetadataResponse.MetadataResponseTopic Describe(MetadataImage image, TopicImage topic, RequestContext context)
    {
        var described = new MetadataResponse.MetadataResponseTopic { Name = topic.Name, TopicId = topic.Id, IsInternal = TopicNames.IsInternal(topic.Name) };
        foreach (var (index, partition) in topic.Partitions)
        {
            var state = PartitionStates.Of(image, partition, context.ListenerName);
            described.Partitions.Add(new()
            {
                ErrorCode = state.Error,
                PartitionIndex = index,
                LeaderId = state.LeaderId,
                LeaderEpoch = partition.LeaderEpoch,
                ReplicaNodes = [.. partition.Replicas],
                IsrNodes = [.. partition.Isr],
                OfflineReplicas = state.OfflineReplicas,
            });
        }
        return described;
    }
}
