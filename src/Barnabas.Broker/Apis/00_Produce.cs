// Produce, versions 0-13 (0-2 so that clients which look at the range for compression support find it).
// Record batches of format 2 alone: formats 0 and 1 are refused as Kafka 4 does. Idempotent and transactional producers.
// Appends happen in the order of a connection's requests; only a flush that flush.messages asks for is awaited, with the response held back.
using System.Runtime.InteropServices;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Broker.Transactions;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;

namespace Barnabas.Broker.Apis;

internal sealed partial class ProduceApi(
    MetadataCache metadata, ReplicaManager replicas, DynamicBrokerConfig config, ClientQuotaManager quota, TransactionVerifier verifier, TopicMetrics metrics)
    : ApiHandler<ProduceRequest, ProduceResponse>(ApiKey.Produce)
{
    private const short FirstVersionWithLeaderHints = 10;
    private const string AdminClientId = "__admin_client";

    // While a larger one is flushed, the next is better received and appended.
    private const int LargestRequestToFlushAtOnce = 64 * 1024;

    protected override ValueTask<ProduceResponse?> HandleAsync(RequestContext context, ProduceRequest request)
    {
        if (context.HasAuthorizer)
            RequireTransactionalId(context, request);
        return request.TransactionalId is { } transactionalId ? HandleTransactionalAsync(context, request, transactionalId) : AppendAsync(context, request, null);
    }

    private ValueTask<ProduceResponse?> AppendAsync(RequestContext context, ProduceRequest request, Dictionary<TopicPartition, VerificationResult>? verified)
    {
        var image = metadata.Image;
        var response = new ProduceResponse();
        List<PendingFlush>? flushes = null;
        foreach (var topic in request.TopicData)
        {
            var result = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            response.Responses.Add(result);
            var name = MetadataCache.ResolveName(image, topic.Name, topic.TopicId);
            foreach (var data in topic.PartitionData)
            {
                var partition = new ProduceResponse.PartitionProduceResponse { Index = data.Index, BaseOffset = -1 };
                result.PartitionResponses.Add(partition);
                if (request.Acks is < -1 or > 1)
                    partition.ErrorCode = ErrorCode.InvalidRequiredAcks;
                else if (name is null)
                    partition.ErrorCode = ErrorCode.UnknownTopicId;
                else if (!context.IsAuthorized(AclOperation.Write, ResourceType.Topic, name))
                    partition.ErrorCode = ErrorCode.TopicAuthorizationFailed;
                else
                    Append(context, request, image, name, topic.TopicId, data, partition, verified, ref flushes);
                if (partition.ErrorCode != ErrorCode.None)
                    metrics.ProduceFailed();
                if (partition.ErrorCode == ErrorCode.NotLeaderOrFollower && context.ApiVersion >= FirstVersionWithLeaderHints)
                    AddLeader(response, partition, image, name!, context.ListenerName);
            }
        }
        if (quota.IsEnabled)
            context.Throttle(quota.RecordAndGetThrottleMs(context.User, context.ClientId ?? "", context.RequestBytes));
        if (flushes is not null)
            return FlushAsync(context, request, response, flushes);
        return new(Answer(context, request, response));
    }

    protected override ProduceResponse? ErrorResponse(RequestContext context, ProduceRequest request, KafkaException error)
    {
        if (request.Acks == 0)
            return null;
        var response = new ProduceResponse();
        foreach (var topic in request.TopicData)
        {
            var result = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            foreach (var data in topic.PartitionData)
                result.PartitionResponses.Add(new() { Index = data.Index, ErrorCode = error.ErrorCode, BaseOffset = -1 });
            response.Responses.Add(result);
        }
        return response;
    }

    /// <summary>What makes a request transactional is its records, not the id that it says or leaves out.</summary>
    private static void RequireTransactionalId(RequestContext context, ProduceRequest request)
    {
        var isTransactional = request.TopicData.Exists(topic => topic.PartitionData.Exists(data => ProducedRecords.HasTransactional(data.Records)));
        if (isTransactional && (request.TransactionalId is not { } id || !context.IsAuthorized(AclOperation.Write, ResourceType.TransactionalId, id)))
            throw new KafkaException(ErrorCode.TransactionalIdAuthorizationFailed);
    }

    private void Append(
        RequestContext context, ProduceRequest request, MetadataImage image, string topic, Uuid topicId,
        ProduceRequest.PartitionProduceData data, ProduceResponse.PartitionProduceResponse result,
        Dictionary<TopicPartition, VerificationResult>? verified, ref List<PendingFlush>? flushes)
    {
        Partition? partition = null;
        try
        {
            result.ErrorCode = replicas.FindLeader(topic, data.Index, -1, out partition);
            if (result.ErrorCode == ErrorCode.None && topicId != Uuid.Zero && partition!.TopicId != topicId)
                result.ErrorCode = ErrorCode.UnknownTopicId;
            if (result.ErrorCode == ErrorCode.None && TopicNames.IsInternal(topic) && context.ClientId != AdminClientId)
                result.ErrorCode = ErrorCode.InvalidTopicException;
            if (result.ErrorCode == ErrorCode.None)
                result.ErrorCode = ProducedRecords.Check(data.Records, context.ApiVersion);
            var transaction = verified is null ? default : TransactionOf(verified, new TopicPartition(topic, data.Index), result, context.ApiVersion);
            if (result.ErrorCode != ErrorCode.None)
                return;
            var minInSync = request.Acks == -1 ? MinInSyncReplicas.Of(image, topic, config.Current) : 0;
            // The frame is ours until the response is written: offset and epoch are set where the bytes arrived.
            var info = partition!.Append(MemoryMarshal.AsMemory(data.Records!.Value), -1, AppendOrigin.Client, minInSync, transaction);
            result.BaseOffset = info.FirstOffset;
            result.LogAppendTimeMs = info.LogAppendTimeMs;
            result.LogStartOffset = info.LogStartOffset;
            if (info.RequiresFlush)
                (flushes ??= []).Add(new PendingFlush(partition, info, result));
        }
        catch (RecordValidationException e)
        {
            result.ErrorCode = e.ErrorCode;
            result.ErrorMessage = e.Message;
            result.LogStartOffset = partition!.Log.LogStartOffset;
            foreach (var record in e.RecordErrors)
                result.RecordErrors.Add(new() { BatchIndex = record.BatchIndex, BatchIndexErrorMessage = record.Message });
        }
        catch (KafkaException e)
        {
            result.ErrorCode = e.ErrorCode;
        }
    }

    private static async ValueTask<ProduceResponse?> FlushAsync(
        RequestContext context, ProduceRequest request, ProduceResponse response, List<PendingFlush> flushes)
    {
        context.ReleaseFrame();
        var isAlone = flushes.Count == 1 && context.RequestBytes <= LargestRequestToFlushAtOnce && context.Connection.IsWaitedFor;
        var requester = isAlone ? context.Connection.Id : 0;
        await Task.WhenAll(flushes.Select(flush => FlushAsync(flush, requester)));
        return Answer(context, request, response);
    }

    private static async Task FlushAsync(PendingFlush flush, long requester)
    {
        try
        {
            await flush.Partition.FlushAsync(flush.Info, requester);
        }
        catch (KafkaException e)
        {
            flush.Result.ErrorCode = e.ErrorCode;
            flush.Result.BaseOffset = -1;
        }
    }

    private static ProduceResponse? Answer(RequestContext context, ProduceRequest request, ProduceResponse response)
    {
        if (request.Acks != 0)
            return response;
        // Nobody waits for a response: a closed connection is how the producer learns that it has to look again.
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode != ErrorCode.None)
                {
                    context.Connection.Close($"a produce request with acks=0 failed for {topic.Name}-{partition.Index}: {ErrorCodes.Name(partition.ErrorCode)}");
                    return null;
                }
            }
        }
        return null;
    }

    private static void AddLeader(
        ProduceResponse response, ProduceResponse.PartitionProduceResponse partition, MetadataImage image, string topic, string listenerName)
    {
        if (image.Topics.FindPartition(topic, partition.Index) is not { } registration)
            return;
        partition.CurrentLeader = new() { LeaderId = registration.Leader, LeaderEpoch = registration.LeaderEpoch };
        if (BrokerEndpoints.Find(image, registration.Leader, listenerName) is { } leader && !response.NodeEndpoints.Exists(n => n.NodeId == registration.Leader))
            response.NodeEndpoints.Add(new() { NodeId = registration.Leader, Host = leader.Endpoint.Host, Port = leader.Endpoint.Port, Rack = leader.Broker.Rack });
    }

    private readonly record struct PendingFlush(Partition Partition, LogAppendInfo Info, ProduceResponse.PartitionProduceResponse Result);
}
