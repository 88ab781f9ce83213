// AlterShareGroupOffsets, version 0 (KIP-932): where an empty share group begins; a group that is not there is made.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterShareGroupOffsetsApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>(ApiKey.AlterShareGroupOffsets)
{
    protected override async ValueTask<AlterShareGroupOffsetsResponse?> HandleAsync(RequestContext context, AlterShareGroupOffsetsRequest request)
    {
        var error = !protocols.ServesShareGroups ? ErrorCode.UnsupportedVersion
            : !context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId) ? ErrorCode.GroupAuthorizationFailed
            : ErrorCode.None;
        if (error != ErrorCode.None)
            return new() { ErrorCode = error, ErrorMessage = ErrorCodes.Message(error) };
        var refused = request.Topics.FindAll(topic => !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.TopicName));
        request.Topics.RemoveAll(refused.Contains);
        var response = await groups.AlterShareGroupOffsetsAsync(request);
        response.Responses.AddRange(refused.Select(topic => new AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic
        {
            TopicName = topic.TopicName,
            Partitions = [.. topic.Partitions.Select(partition => new AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition
            {
                PartitionIndex = partition.PartitionIndex,
                ErrorCode = ErrorCode.TopicAuthorizationFailed,
                ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed),
            })],
        }));
        return response;
    }

    protected override AlterShareGroupOffsetsResponse ErrorResponse(RequestContext context, AlterShareGroupOffsetsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
