using Barnabas.Broker.Apis;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Broker.Topics;
using Barnabas.Broker.Sharing;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Sharing;
using Barnabas.Coordination.Transactions;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Security;
using Barnabas.Raft.Driver;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>What handlers are made of.</summary>
internal sealed record NodeServices
{
    public required BrokerIdentity Identity { get; init; }

    public required DynamicBrokerConfig Config { get; init; }

    public required MetadataCache Metadata { get; init; }

    public required ReplicaManager Replicas { get; init; }

    public required LogManager Logs { get; init; }

    public required ReplicaAlterLogDirsManager Moves { get; init; }

    public required IController Controller { get; init; }

    public required RaftDriver Quorum { get; init; }

    public required ILogger Network { get; init; }

    public required GroupCoordinatorService Groups { get; init; }

    public required TransactionCoordinatorService Transactions { get; init; }

    public required TransactionMarkerAppender TransactionMarkers { get; init; }

    public required ShareCoordinatorService ShareCoordinator { get; init; }

    public required SharePartitionManager SharePartitions { get; init; }

    public required ProducerIdManager ProducerIds { get; init; }

    public required FetchSessionCache FetchSessions { get; init; }

    public required AutoTopicCreation AutoTopicCreation { get; init; }

    public required RuntimeLoggerManager Loggers { get; init; }

    public required ClientTelemetry ClientTelemetry { get; init; }

    public required TopicMetrics TopicMetrics { get; init; }

    public required QuotaManagers Quotas { get; init; }

    public required StandardAuthorizer? Authorizer { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>Every API this version serves: the one list there is.</summary>
internal static class NodeApis
{
    public static ApiRegistry Create(NodeServices s)
    {
        var started = s.Config.Current;
        var apis = new ApiRegistry();
        var verifier = new TransactionVerifier(
            s.Replicas, s.Transactions, s.Time, TimeSpan.FromMilliseconds(started.GetInt("add.partitions.to.txn.retry.backoff.ms")),
            TimeSpan.FromMilliseconds(started.GetInt("add.partitions.to.txn.retry.backoff.max.ms")));
        apis.Add(
            new ApiVersionsApi(apis, s.Metadata, () => s.Controller.KRaftVersion, ControllerOptions.SupportedFeaturesOf(started.UnstableFeatureVersionsEnable)),
            new MetadataApi(s.Identity, s.Metadata, s.AutoTopicCreation),
            new DescribeClusterApi(s.Identity, s.Metadata),
            new DescribeTopicPartitionsApi(s.Metadata, started.GetInt("max.request.partition.size.limit")),
            new ProduceApi(s.Metadata, s.Replicas, s.Config, s.Quotas.Produce, verifier, s.TopicMetrics),
            new FetchApi(s.Metadata, s.Quorum, new FetchReader(s.Replicas), s.FetchSessions, new FetchLimits(started.GetInt("fetch.max.bytes")), s.Quotas.Fetch, s.TopicMetrics, s.Time),
            new ListOffsetsApi(s.Replicas),
            new OffsetForLeaderEpochApi(s.Replicas),
            new DeleteRecordsApi(s.Replicas),
            new DescribeProducersApi(s.Replicas),
            new AlterReplicaLogDirsApi(s.Moves),
            new DescribeLogDirsApi(s.Logs, s.Metadata),
            new FindCoordinatorApi(s.Metadata, s.AutoTopicCreation),
            new DescribeConfigsApi(s.Identity, s.Metadata, s.Config, s.Loggers),
            new ListConfigResourcesApi(s.Metadata),
            new DescribeClientQuotasApi(s.Metadata),
            new EnvelopeApi(apis, s.Network));
        if (ClientTelemetry.IsWanted(started))
            apis.Add(new GetTelemetrySubscriptionsApi(s.ClientTelemetry), new PushTelemetryApi(s.ClientTelemetry));
        apis.Add(ControllerApis.Create(s.Controller, s.Quorum, s.Metadata, s.Authorizer, DelegationTokenHmac.SecretOf(started), new ConfigAdminManager(s.Identity, s.Config), s.Loggers, s.Quotas.ControllerMutation));
        apis.Add(TransactionApis.Create(s.Metadata, s.ProducerIds, s.Groups, s.Transactions, s.TransactionMarkers, verifier));
        var protocols = new GroupProtocols(s.Metadata, started.GetList("group.coordinator.rebalance.protocols"));
        apis.Add(GroupApis.Create(s.Metadata, protocols, s.Groups, s.AutoTopicCreation));
        apis.Add(ShareApis.Create(s.Metadata, protocols, s.SharePartitions, s.ShareCoordinator, new FetchLimits(started.GetInt("fetch.max.bytes")), s.Time));
        foreach (var handler in apis.Handlers)
            handler.ServesUnstableVersions = started.GetBoolean("unstable.api.versions.enable");
        return apis;
    }
}
