// DescribeShareGroupOffsets, versions 0-1 (KIP-932; lag, KIP-1226, from 1). Topics that are not there have start offset -1, which is no error.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeShareGroupOffsetsApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>(ApiKey.DescribeShareGroupOffsets)
{
    protected override async ValueTask<DescribeShareGroupOffsetsResponse?> HandleAsync(RequestContext context, DescribeShareGroupOffsetsRequest request)
    {
        if (!protocols.ServesShareGroups)
            return Failures(request, ErrorCode.UnsupportedVersion, null);
        return new() { Groups = [.. await Task.WhenAll(request.Groups.Select(group => DescribeAsync(context, group)))] };
    }

    private async Task<DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup> DescribeAsync(
        RequestContext context, DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup group)
    {
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Group, group.GroupId))
            return new() { GroupId = group.GroupId, ErrorCode = ErrorCode.GroupAuthorizationFailed };
        if (group.Topics is { Count: 0 })
            return new() { GroupId = group.GroupId };
        var hidden = group.Topics?.FindAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.TopicName)) ?? [];
        group.Topics?.RemoveAll(hidden.Contains);
        var described = await groups.DescribeShareGroupOffsetsAsync(group);
        described.Topics.RemoveAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.TopicName, logIfDenied: false));
        described.Topics.AddRange(hidden.Select(topic => new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic
        {
            TopicName = topic.TopicName,
            Partitions = [.. topic.Partitions.Select(partition => new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition
            {
                PartitionIndex = partition,
                StartOffset = -1,
                Lag = -1,
                ErrorCode = ErrorCode.TopicAuthorizationFailed,
                ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed),
            })],
        }));
        return described;
    }

    protected override DescribeShareGroupOffsetsResponse ErrorResponse(RequestContext context, DescribeShareGroupOffsetsRequest request, KafkaException error) =>
        Failures(request, error.ErrorCode, error.Message);

    private static DescribeShareGroupOffsetsResponse Failures(DescribeShareGroupOffsetsRequest request, ErrorCode code, string? message) => new()
    {
        Groups = [.. request.Groups.Select(group => new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup { GroupId = group.GroupId, ErrorCode = code, ErrorMessage = message })],
    };
}
