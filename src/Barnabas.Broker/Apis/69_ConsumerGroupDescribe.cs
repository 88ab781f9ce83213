// ConsumerGroupDescribe, versions 0-1 (KIP-848; the members' protocol from 1).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ConsumerGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(ApiKey.ConsumerGroupDescribe)
{
    protected override async ValueTask<ConsumerGroupDescribeResponse?> HandleAsync(RequestContext context, ConsumerGroupDescribeRequest request)
    {
        if (!protocols.ServesConsumerGroups)
            return Failures(request, ErrorCode.UnsupportedVersion, null);
        var described = await groups.ConsumerGroupDescribeAsync(request.GroupIds);
        if (request.IncludeAuthorizedOperations)
        {
            foreach (var group in described)
            {
                if (group.ErrorCode == ErrorCode.None)
                    group.AuthorizedOperations = DescribeGroupsApi.AllOperations;
            }
        }

        return new() { Groups = described };
    }

    protected override ConsumerGroupDescribeResponse ErrorResponse(RequestContext context, ConsumerGroupDescribeRequest request, KafkaException error) =>
        Failures(request, error.ErrorCode, error.Message);

    private static ConsumerGroupDescribeResponse Failures(ConsumerGroupDescribeRequest request, ErrorCode code, string? message) =>
        new() { Groups = [.. request.GroupIds.Select(groupId => new ConsumerGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = code, ErrorMessage = message })] };
}
