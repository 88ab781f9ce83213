// Fetch, versions 4-18. Versions 0-3 would need records converted down to message formats 0 and 1, which Kafka 4 gave up too.
// On a controller's listener the metadata log alone, for replicas that follow it (KIP-595).
// Sessions (KIP-227), topic ids (KIP-516), diverging epochs (KIP-595) and leader hints (KIP-951).
// A fetch in the middle of a batch returns the whole batch; the first batch is returned whole whatever the limits.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Purgatory;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Driver;
using Barnabas.Storage;

namespace Barnabas.Broker.Apis;

internal sealed class FetchApi(MetadataCache metadata, RaftDriver quorum, FetchReader reader, FetchSessionCache sessions, FetchLimits limits, ClientQuotaManager quota, TopicMetrics metrics, TimeProvider time)
    : ApiHandler<FetchRequest, FetchResponse>(ApiKey.Fetch, ListenerKind.Any)
{
    private const short FirstVersionWithLeaderHints = 12;
    private const short FirstVersionWithEndpoints = 16;
    private const int PartitionOverheadBytes = 40;

    public override short LowestVersion => 4;

    protected override ValueTask<FetchResponse?> HandleAsync(RequestContext context, FetchRequest request)
    {
        if (context.ListenerKind == ListenerKind.Controller) return FetchMetadataAsync(context, request);
        var fetch = FetchContext.Create(request, context.ApiVersion, sessions);
        var replicaId = request.ReplicaId >= 0 ? request.ReplicaId : request.ReplicaState.ReplicaId;
        var isolation = replicaId >= 0 ? FetchIsolation.LogEnd
            : request.IsolationLevel == 1 ? FetchIsolation.TransactionCommitted : FetchIsolation.HighWatermark;
        var image = metadata.Image;
        var pass = ReadAll(context, image, fetch, request, isolation);
        return pass.IsEnough || request.MaxWaitMs <= 0 || fetch.Targets.Count == 0
            ? new(Respond(context, image, fetch, pass, isolation))
            : WaitAndReadAsync(context, request, fetch, isolation, pass);
    }

    /// <summary>Controllers serve the metadata log, to other controllers and to brokers.</summary>
    private async ValueTask<FetchResponse?> FetchMetadataAsync(RequestContext context, FetchRequest request)
    {
        context.RequireCluster(AclOperation.ClusterAction);
        context.ReleaseFrame();
        return await quorum.FetchAsync(request, context.ApiVersion >= FirstVersionWithEndpoints ? context.ListenerName : null, context.Cancellation);
    }

    protected override FetchResponse ErrorResponse(RequestContext context, FetchRequest request, KafkaException error)
    {
        var response = new FetchResponse { ErrorCode = error.ErrorCode };
        if (context.ApiVersion >= 7)
            return response;
        foreach (var topic in request.Topics)
        {
            var failed = new FetchResponse.FetchableTopicResponse { Topic = topic.Topic, TopicId = topic.TopicId };
            foreach (var partition in topic.Partitions)
                failed.Partitions.Add(ToWire(partition.Partition, new PartitionRead(error.ErrorCode), context.ApiVersion));
            response.Responses.Add(failed);
        }
        return response;
    }

    private async ValueTask<FetchResponse?> WaitAndReadAsync(RequestContext context, FetchRequest request, FetchContext fetch, FetchIsolation isolation, ReadPass pass)
    {
        context.ReleaseFrame();
        using (var delayed = new DelayedFetch(request.MinBytes - pass.Bytes, TimeSpan.FromMilliseconds(request.MaxWaitMs), time, context.Cancellation))
        {
            for (var i = 0; i < pass.Reads.Count; i++)
            {
                if (pass.Partitions[i] is not { } partition)
                    continue;
                delayed.Watch(partition);
                if (reader.HasMovedOn(fetch.Targets[i], partition, pass.Reads[i], isolation))
                    delayed.Complete();
            }
            pass.Dispose();
            await delayed.Completion;
        }
        var image = metadata.Image;
        return Respond(context, image, fetch, ReadAll(context, image, fetch, request, isolation), isolation);
    }

    private ReadPass ReadAll(RequestContext context, MetadataImage image, FetchContext fetch, FetchRequest request, FetchIsolation isolation)
    {
        var left = Math.Min(request.MaxBytes, limits.MaxBytes);
        if (quota.IsEnabled && isolation != FetchIsolation.LogEnd)
            left = (int)Math.Min(left, quota.MaxInWindow(context.User, context.ClientId ?? ""));
        var pass = new ReadPass(fetch.Targets.Count);
        try
        {
            foreach (var target in fetch.Targets)
            {
                if (context.HasAuthorizer && !IsAuthorized(context, image, target, isolation))
                {
                    pass.Add(new PartitionRead(ErrorCode.TopicAuthorizationFailed), null);
                    continue;
                }
                var read = reader.Read(image, target, isolation, Math.Min(target.MaxBytes, left), minOneMessage: pass.Bytes == 0, out var partition);
                pass.Add(read, partition);
                left = Math.Max(0, left - read.Records.Length);
            }
        }
        catch
        {
            pass.Dispose();
            throw;
        }
        pass.IsEnough |= pass.Bytes >= request.MinBytes;
        return pass;
    }

    /// <summary>A follower needs CLUSTER_ACTION, everyone else READ; a topic id that is not known is told as such.</summary>
    private static bool IsAuthorized(RequestContext context, MetadataImage image, FetchTarget target, FetchIsolation isolation) =>
        isolation == FetchIsolation.LogEnd
            ? context.IsClusterAuthorized(AclOperation.ClusterAction)
            : MetadataCache.ResolveName(image, target.Topic, target.TopicId) is not { } topic || context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic);

    private FetchResponse Respond(RequestContext context, MetadataImage image, FetchContext fetch, ReadPass pass, FetchIsolation isolation)
    {
        if (quota.IsEnabled && isolation != FetchIsolation.LogEnd && IsThrottled(context, pass))
        {
            // Nothing is sent, and the session stays as it was: the client asks again when it may.
            pass.Dispose();
            return new FetchResponse { SessionId = fetch.SessionId };
        }
        var response = new FetchResponse { SessionId = fetch.SessionId };
        FetchResponse.FetchableTopicResponse? topic = null;
        for (var i = 0; i < pass.Reads.Count; i++)
        {
            var target = fetch.Targets[i];
            var read = pass.Reads[i];
            if (read.Owner is { } owner)
                context.DisposeWhenSent(owner);
            if (read.Records.Length > 0)
                pass.Partitions[i]!.CountOut(read.Records.Length);
            else if (read.Error != ErrorCode.None)
                metrics.FetchFailed();
            if (!fetch.Note(target, read))
                continue;
            if (topic is null || topic.Topic != target.Topic || topic.TopicId != target.TopicId)
            {
                topic = new FetchResponse.FetchableTopicResponse { Topic = target.Topic, TopicId = target.TopicId };
                response.Responses.Add(topic);
            }
            topic.Partitions.Add(ToWire(target.Partition, read, context.ApiVersion));
            if (read.CurrentLeader is { Id: >= 0 } leader && context.ApiVersion >= FirstVersionWithEndpoints)
                AddEndpoint(response, image, leader.Id, context.ListenerName);
        }
        return response;
    }

    private bool IsThrottled(RequestContext context, ReadPass pass)
    {
        var bytes = pass.Bytes + (pass.Reads.Count * PartitionOverheadBytes);
        var throttle = quota.RecordAndGetThrottleMs(context.User, context.ClientId ?? "", bytes);
        if (throttle == 0)
            return false;
        quota.Record(context.User, context.ClientId ?? "", -bytes);
        context.Throttle(throttle);
        return true;
    }

    private static FetchResponse.PartitionData ToWire(int index, in PartitionRead read, short version)
    {
        var data = new FetchResponse.PartitionData
        {
            PartitionIndex = index,
            ErrorCode = read.Error,
            HighWatermark = read.HighWatermark,
            LastStableOffset = read.LastStableOffset,
            LogStartOffset = read.LogStartOffset,
            AbortedTransactions = read.AbortedTransactions is null ? null : [.. read.AbortedTransactions],
            Records = read.Records,
        };
        if (read.DivergingEpoch is { } diverging)
            data.DivergingEpoch = diverging;
        if (version >= FirstVersionWithLeaderHints && read.CurrentLeader is { } leader)
            data.CurrentLeader = new() { LeaderId = leader.Id, LeaderEpoch = leader.Epoch };
        return data;
    }

    private static void AddEndpoint(FetchResponse response, MetadataImage image, int leaderId, string listenerName)
    {
        if (response.NodeEndpoints.Exists(n => n.NodeId == leaderId) || BrokerEndpoints.Find(image, leaderId, listenerName) is not { } found)
            return;
        response.NodeEndpoints.Add(new() { NodeId = leaderId, Host = found.Endpoint.Host, Port = found.Endpoint.Port, Rack = found.Broker.Rack });
    }
}
