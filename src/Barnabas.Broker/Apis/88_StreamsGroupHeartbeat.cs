// StreamsGroupHeartbeat, version 0 (KIP-1071). Internal topics that the topology lacks are created beside the answer; a later heartbeat finds them.
// As in Kafka 4.3 there are no static members, task offsets, warm-up tasks, patterns or topology updates yet.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Topics;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class StreamsGroupHeartbeatApi(GroupProtocols protocols, GroupCoordinatorService groups, StreamsInternalTopics internalTopics)
    : ApiHandler<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse>(ApiKey.StreamsGroupHeartbeat)
{
    private const sbyte MissingInternalTopics = 3;
    private const int MaxErrorsTold = 3;

    protected override async ValueTask<StreamsGroupHeartbeatResponse?> HandleAsync(RequestContext context, StreamsGroupHeartbeatRequest request)
    {
        if (!protocols.ServesStreamsGroups)
            return new() { ErrorCode = ErrorCode.UnsupportedVersion };
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return new() { ErrorCode = ErrorCode.GroupAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.GroupAuthorizationFailed) };
        if (request.Topology is { } topology && Check(context, topology) is { } refused)
            return refused;

        var result = await groups.StreamsGroupHeartbeatAsync(GroupRequests.ContextOf(context), request);
        if (result.MissingTopics.Count > 0)
            Create(context, result.Response, result.MissingTopics);
        return result.Response;
    }

    protected override StreamsGroupHeartbeatResponse ErrorResponse(RequestContext context, StreamsGroupHeartbeatRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };

    private static StreamsGroupHeartbeatResponse? Check(RequestContext context, StreamsGroupHeartbeatRequest.TopologyData topology)
    {
        var topics = topology.Subtopologies.SelectMany(subtopology => subtopology.SourceTopics.Concat(subtopology.RepartitionSinkTopics)
            .Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name)).Concat(subtopology.StateChangelogTopics.Select(topic => topic.Name))).Distinct().ToList();
        if (topics.FindAll(TopicNames.IsInternal) is { Count: > 0 } prohibited)
            return Invalid($"Use of Kafka internal topics {string.Join(",", prohibited)} in a Kafka Streams topology is prohibited.");
        if (topics.FindAll(topic => !TopicNames.IsValid(topic)) is { Count: > 0 } invalid)
            return Invalid($"Topic names {string.Join(",", invalid)} are not valid topic names.");
        return topics.TrueForAll(topic => context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic)) ? null : new() { ErrorCode = ErrorCode.TopicAuthorizationFailed };
    }

    private static StreamsGroupHeartbeatResponse Invalid(string message) => new() { ErrorCode = ErrorCode.StreamsInvalidTopology, ErrorMessage = message };

    private void Create(RequestContext context, StreamsGroupHeartbeatResponse response, IReadOnlyList<CreateTopicsRequest.CreatableTopic> missing)
    {
        var refused = context.IsClusterAuthorized(AclOperation.Create, logIfDenied: false)
            ? []
            : missing.Where(topic => !context.IsAuthorized(AclOperation.Create, ResourceType.Topic, topic.Name)).Select(topic => topic.Name).ToList();
        if (refused.Count > 0)
        {
            Tell(response, $"Unauthorized to CREATE on topics {string.Join(", ", refused)}.");
            return;
        }

        var failed = internalTopics.Begin(missing, context.Principal.ToString());
        if (failed.Count == 0)
            return;
        var told = string.Join(", ", failed.Take(MaxErrorsTold).Select(failure => $"{failure.Topic} ({ErrorCodes.Message(failure.Error)})"));
        Tell(response, $"Creation failed: {told}{(failed.Count > MaxErrorsTold ? $" and {failed.Count - MaxErrorsTold} more" : "")}.");
    }

    private static void Tell(StreamsGroupHeartbeatResponse response, string detail)
    {
        var status = response.Status?.Find(one => one.StatusCode == MissingInternalTopics);
        if (status is null)
            (response.Status ??= []).Add(new() { StatusCode = MissingInternalTopics, StatusDetail = detail });
        else
            status.StatusDetail += $"; {detail}";
    }
}
