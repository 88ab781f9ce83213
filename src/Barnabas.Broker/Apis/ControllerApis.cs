using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Controller;
using Barnabas.Raft.Driver;

namespace Barnabas.Broker.Apis;

/// <summary>The APIs that the controller answers.</summary>
internal static class ControllerApis
{
    /// <summary>A handler for each, on the listeners that serve it.</summary>
    internal static IEnumerable<ApiHandler> Create(
        IController controller, RaftDriver quorum, MetadataCache metadata, StandardAuthorizer? authorizer, string? tokenSecret, ConfigAdminManager brokerConfigs, RuntimeLoggerManager loggers,
        ControllerMutationQuotaManager quotas) =>
    [
        new CreateTopicsApi(controller, quotas),
        new DeleteTopicsApi(controller, metadata, quotas),
        new AlterConfigsApi(controller, brokerConfigs),
        new CreatePartitionsApi(controller, quotas),
        new ElectLeadersApi(controller),
        new IncrementalAlterConfigsApi(controller, brokerConfigs, loggers),
        new AlterPartitionReassignmentsApi(controller),
        new ListPartitionReassignmentsApi(controller),
        new DescribeQuorumApi(controller),
        new AddRaftVoterApi(controller),
        new RemoveRaftVoterApi(controller),
        new UpdateRaftVoterApi(controller),
        new VoteApi(quorum),
        new BeginQuorumEpochApi(quorum),
        new EndQuorumEpochApi(quorum),
        new FetchSnapshotApi(quorum),
        new AlterPartitionApi(controller),
        new AlterClientQuotasApi(controller),
        new UpdateFeaturesApi(controller),
        new BrokerRegistrationApi(controller),
        new BrokerHeartbeatApi(controller),
        new UnregisterBrokerApi(controller),
        new AllocateProducerIdsApi(controller),
        new ControllerRegistrationApi(controller),
        new AssignReplicasToDirsApi(controller),
        new DescribeAclsApi(metadata, authorizer),
        new CreateAclsApi(controller, authorizer),
        new DeleteAclsApi(controller, authorizer),
        new SaslHandshakeApi(),
        new SaslAuthenticateApi(),
        new DescribeUserScramCredentialsApi(metadata),
        new AlterUserScramCredentialsApi(controller),
        new CreateDelegationTokenApi(controller),
        new RenewDelegationTokenApi(controller),
        new ExpireDelegationTokenApi(controller),
        new DescribeDelegationTokenApi(metadata, tokenSecret),
    ];
}
