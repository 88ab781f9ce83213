// DeleteShareGroupOffsets, version 0 (KIP-932): forgets what an empty share group has of topics.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteShareGroupOffsetsApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>(ApiKey.DeleteShareGroupOffsets)
{
    protected override async ValueTask<DeleteShareGroupOffsetsResponse?> HandleAsync(RequestContext context, DeleteShareGroupOffsetsRequest request)
    {
        var error = !protocols.ServesShareGroups ? ErrorCode.UnsupportedVersion
            : !context.IsAuthorized(AclOperation.Delete, ResourceType.Group, request.GroupId) ? ErrorCode.GroupAuthorizationFailed
            : ErrorCode.None;
        if (error != ErrorCode.None)
            return new() { ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) };
        var refused = request.Topics.FindAll(topic => !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.TopicName));
        request.Topics.RemoveAll(refused.Contains);
        var response = await groups.DeleteShareGroupOffsetsAsync(request);
        response.Responses.AddRange(refused.Select(topic => new DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic
        {
            TopicName = topic.TopicName,
            ErrorCode = ErrorCode.TopicAuthorizationFailed,
            ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed),
        }));
        return response;
    }

    protected override DeleteShareGroupOffsetsResponse ErrorResponse(RequestContext context, DeleteShareGroupOffsetsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
