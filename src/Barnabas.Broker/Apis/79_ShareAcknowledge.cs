// ShareAcknowledge, versions 1-2 (KIP-932; renewal of locks, KIP-1222, from 2). The answer comes when the change is written.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ShareAcknowledgeApi(GroupProtocols protocols, MetadataCache metadata, SharePartitionManager manager)
    : ApiHandler<ShareAcknowledgeRequest, ShareAcknowledgeResponse>(ApiKey.ShareAcknowledge)
{
    protected override async ValueTask<ShareAcknowledgeResponse?> HandleAsync(RequestContext context, ShareAcknowledgeRequest request)
    {
        if (!protocols.ServesShareGroups)
            return new() { ErrorCode = ErrorCode.UnsupportedVersion, ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion) };
        var (groupId, memberId) = ShareRequests.Identify(context, request.GroupId, request.MemberId);
        manager.Sessions.Acknowledge(groupId, memberId, request.ShareSessionEpoch);
        var acknowledgements = new Dictionary<SharedPartition, List<AcknowledgementBatch>>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                acknowledgements[new SharedPartition(topic.TopicId, partition.PartitionIndex)] =
                    partition.AcknowledgementBatches.ConvertAll(batch => new AcknowledgementBatch(batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes));
            }
        }

        var results = await ShareRequests.AcknowledgeAsync(context, manager, metadata.Image, groupId, memberId, request.IsRenewAck, acknowledgements);
        if (request.ShareSessionEpoch == ShareSession.FinalEpoch)
            await manager.ReleaseSessionAsync(groupId, memberId);
        return Respond(context, groupId, results);
    }

    protected override ShareAcknowledgeResponse ErrorResponse(RequestContext context, ShareAcknowledgeRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };

    private ShareAcknowledgeResponse Respond(RequestContext context, string groupId, Dictionary<SharedPartition, KafkaException?> results)
    {
        var image = metadata.Image;
        var response = new ShareAcknowledgeResponse { AcquisitionLockTimeoutMs = manager.Settings.Of(groupId).LockDurationMs };
        foreach (var (partition, error) in results)
        {
            var topic = response.Responses.Find(one => one.TopicId == partition.TopicId);
            if (topic is null)
                response.Responses.Add(topic = new() { TopicId = partition.TopicId });
            var data = new ShareAcknowledgeResponse.PartitionData { PartitionIndex = partition.Index };
            topic.Partitions.Add(data);
            if (error is null)
                continue;
            (data.ErrorCode, data.ErrorMessage) = (error.ErrorCode, error.Message);
            if (ShareRequests.LeaderOf(image, partition, error.ErrorCode) is not { } leader)
                continue;
            data.CurrentLeader = new() { LeaderId = leader.Id, LeaderEpoch = leader.Epoch };
            if (!response.NodeEndpoints.Exists(node => node.NodeId == leader.Id) && BrokerEndpoints.Find(image, leader.Id, context.ListenerName) is { } found)
                response.NodeEndpoints.Add(new() { NodeId = leader.Id, Host = found.Endpoint.Host, Port = found.Endpoint.Port, Rack = found.Broker.Rack });
        }

        return response;
    }
}
