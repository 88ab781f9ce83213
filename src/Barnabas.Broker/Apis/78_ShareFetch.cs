// ShareFetch, versions 1-2 (KIP-932; renewal of locks, KIP-1222, and exact numbers of records, KIP-1206, from 2).
// Acknowledgements that come along are taken first. A session ends with its connection; what its member had is released then.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Sharing;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ShareFetchApi(GroupProtocols protocols, MetadataCache metadata, SharePartitionManager manager, ShareFetcher fetcher, FetchLimits limits, TimeProvider time)
    : ApiHandler<ShareFetchRequest, ShareFetchResponse>(ApiKey.ShareFetch)
{
    private const short FirstVersionWithRenewal = 2;
    private const sbyte RecordLimit = 1;

    protected override async ValueTask<ShareFetchResponse?> HandleAsync(RequestContext context, ShareFetchRequest request)
    {
        if (!protocols.ServesShareGroups)
            return new() { ErrorCode = ErrorCode.UnsupportedVersion, ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion) };
        var (groupId, memberId) = ShareRequests.Identify(context, request.GroupId, request.MemberId);
        var isRenewal = context.ApiVersion >= FirstVersionWithRenewal && request.IsRenewAck;
        if (isRenewal)
            EnsureFetchesNothing(request);
        var image = metadata.Image;
        var acknowledgements = AcknowledgementsOf(request);
        var partitions = await OpenSessionAsync(context, request, groupId, memberId, acknowledgements.Count > 0);
        var acknowledged = await ShareRequests.AcknowledgeAsync(context, manager, image, groupId, memberId, isRenewal, acknowledgements);
        // Whoever renews has records at hand: waiting for more could outlast the locks again.
        var fetched = isRenewal ? [] : await fetcher.FetchAsync(context, ParametersOf(request, groupId, memberId), partitions);
        if (request.ShareSessionEpoch == ShareSession.FinalEpoch)
            await manager.ReleaseSessionAsync(groupId, memberId);
        return Respond(context, metadata.Image, groupId, fetched, acknowledged);
    }

    protected override ShareFetchResponse ErrorResponse(RequestContext context, ShareFetchRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };

    private static void EnsureFetchesNothing(ShareFetchRequest request)
    {
        var wrong = new List<string>();
        foreach (var (name, value) in new[] { ("maxBytes", request.MaxBytes), ("minBytes", request.MinBytes), ("maxRecords", request.MaxRecords), ("maxWaitMs", request.MaxWaitMs) })
        {
            if (value != 0)
                wrong.Add($"{name} must be set to 0, ");
        }

        if (wrong.Count > 0)
            throw new KafkaException(ErrorCode.InvalidRequest, $"{string.Concat(wrong)}if isRenewAck is true.");
    }

    private static Dictionary<SharedPartition, List<AcknowledgementBatch>> AcknowledgementsOf(ShareFetchRequest request)
    {
        var acknowledgements = new Dictionary<SharedPartition, List<AcknowledgementBatch>>();
        if (!request.Topics.Exists(topic => topic.Partitions.Exists(partition => partition.AcknowledgementBatches.Count > 0)))
            return acknowledgements;
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                acknowledgements[new SharedPartition(topic.TopicId, partition.PartitionIndex)] =
                    partition.AcknowledgementBatches.ConvertAll(batch => new AcknowledgementBatch(batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes));
            }
        }

        return acknowledgements;
    }

    /// <summary>A member that gets no session is kept waiting as long as it would have waited for records, so that it does not ask at once again.</summary>
    private async ValueTask<IReadOnlyList<SharedPartition>> OpenSessionAsync(RequestContext context, ShareFetchRequest request, string groupId, string memberId, bool hasAcknowledgements)
    {
        var asked = request.Topics.SelectMany(topic => topic.Partitions.Select(partition => new SharedPartition(topic.TopicId, partition.PartitionIndex))).ToList();
        var forgotten = request.ForgottenTopicsData.SelectMany(topic => topic.Partitions.Select(index => new SharedPartition(topic.TopicId, index))).ToList();
        var connectionId = context.Connection.Id;
        try
        {
            var partitions = manager.Sessions.Fetch(groupId, memberId, request.ShareSessionEpoch, asked, forgotten, hasAcknowledgements, connectionId);
            if (request.ShareSessionEpoch == ShareSession.InitialEpoch)
                context.Cancellation.UnsafeRegister(_ => _ = manager.OnConnectionClosedAsync(groupId, memberId, connectionId), null);
            return partitions;
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.ShareSessionLimitReached)
        {
            context.ReleaseFrame();
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, request.MaxWaitMs)), time, context.Cancellation);
            throw;
        }
    }

    private ShareFetchParameters ParametersOf(ShareFetchRequest request, string groupId, string memberId)
    {
        var maxBytes = Math.Min(request.MaxBytes, limits.MaxBytes);
        return new ShareFetchParameters(groupId, memberId, request.MaxWaitMs, Math.Min(request.MinBytes, maxBytes), maxBytes,
            new ShareAcquisition(request.MaxRecords, Math.Max(1, request.BatchSize), request.ShareAcquireMode == RecordLimit));
    }

    private ShareFetchResponse Respond(
        RequestContext context, MetadataImage image, string groupId, List<ShareFetchOutcome> fetched, Dictionary<SharedPartition, KafkaException?> acknowledged)
    {
        var response = new ShareFetchResponse { AcquisitionLockTimeoutMs = manager.Settings.Of(groupId).LockDurationMs };
        foreach (var outcome in fetched)
        {
            var data = Add(response, outcome.Partition);
            data.Records = outcome.Records;
            foreach (var range in outcome.Acquired)
                data.AcquiredRecords.Add(new() { FirstOffset = range.First, LastOffset = range.Last, DeliveryCount = (short)range.DeliveryCount });
            if (outcome.Error is not { } error)
                continue;
            (data.ErrorCode, data.ErrorMessage) = (error.ErrorCode, error.Message);
            if (ShareRequests.LeaderOf(image, outcome.Partition, error.ErrorCode) is { } leader)
            {
                data.CurrentLeader = new() { LeaderId = leader.Id, LeaderEpoch = leader.Epoch };
                AddEndpoint(response, image, leader.Id, context.ListenerName);
            }
        }

        foreach (var (partition, error) in acknowledged)
        {
            var data = Add(response, partition);
            if (error is not null)
                (data.AcknowledgeErrorCode, data.AcknowledgeErrorMessage) = ((short)error.ErrorCode, error.Message);
        }

        return response;
    }

    private static ShareFetchResponse.PartitionData Add(ShareFetchResponse response, SharedPartition partition)
    {
        var topic = response.Responses.Find(one => one.TopicId == partition.TopicId);
        if (topic is null)
            response.Responses.Add(topic = new() { TopicId = partition.TopicId });
        var data = topic.Partitions.Find(one => one.PartitionIndex == partition.Index);
        if (data is null)
            topic.Partitions.Add(data = new() { PartitionIndex = partition.Index, Records = ReadOnlyMemory<byte>.Empty });
        return data;
    }

    private static void AddEndpoint(ShareFetchResponse response, MetadataImage image, int leaderId, string listenerName)
    {
        if (response.NodeEndpoints.Exists(node => node.NodeId == leaderId) || BrokerEndpoints.Find(image, leaderId, listenerName) is not { } found)
            return;
        response.NodeEndpoints.Add(new() { NodeId = leaderId, Host = found.Endpoint.Host, Port = found.Endpoint.Port, Rack = found.Broker.Rack });
    }
}
