using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// The controller of the cluster in wire messages. An answer arrives when what it tells of is committed. Errors of one
/// item stand in the answer, in Kafka's codes and words; an error of the whole request is thrown as
/// <see cref="KafkaException"/> (NOT_CONTROLLER while this node does not lead the quorum, REQUEST_TIMED_OUT when the
/// request waited too long).
/// </summary>
public interface IController
{
    /// <summary>True while this node leads the quorum and has replayed all of its log.</summary>
    bool IsActive { get; }

    /// <summary>Creates topics (API 19).</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="describable">Tells whether the caller may see a topic's configuration; null for all.</param>
    /// <param name="cancellation">Stops waiting; the operation may happen all the same.</param>
    Task<CreateTopicsResponse> CreateTopicsAsync(
        ControllerRequestContext context, CreateTopicsRequest request, Func<string, bool>? describable = null, CancellationToken cancellation = default);

    /// <summary>Deletes topics by name or id (API 20).</summary>
    Task<DeleteTopicsResponse> DeleteTopicsAsync(
        ControllerRequestContext context, DeleteTopicsRequest request, CancellationToken cancellation = default);

    /// <summary>Adds partitions to topics (API 37).</summary>
    Task<CreatePartitionsResponse> CreatePartitionsAsync(
        ControllerRequestContext context, CreatePartitionsRequest request, CancellationToken cancellation = default);

    /// <summary>Replaces whole configurations (API 33).</summary>
    Task<AlterConfigsResponse> AlterConfigsAsync(
        ControllerRequestContext context, AlterConfigsRequest request, CancellationToken cancellation = default);

    /// <summary>Sets and removes client quotas (API 49).</summary>
    Task<AlterClientQuotasResponse> AlterClientQuotasAsync(
        ControllerRequestContext context, AlterClientQuotasRequest request, CancellationToken cancellation = default);

    /// <summary>Changes configurations key by key (API 44).</summary>
    Task<IncrementalAlterConfigsResponse> IncrementalAlterConfigsAsync(
        ControllerRequestContext context, IncrementalAlterConfigsRequest request, CancellationToken cancellation = default);

    /// <summary>Changes feature levels (API 57).</summary>
    Task<UpdateFeaturesResponse> UpdateFeaturesAsync(
        ControllerRequestContext context, UpdateFeaturesRequest request, CancellationToken cancellation = default);

    /// <summary>Gives a broker a block of producer ids (API 67).</summary>
    Task<AllocateProducerIdsResponse> AllocateProducerIdsAsync(
        ControllerRequestContext context, AllocateProducerIdsRequest request, CancellationToken cancellation = default);

    /// <summary>Elects preferred or unclean leaders (API 43).</summary>
    Task<ElectLeadersResponse> ElectLeadersAsync(
        ControllerRequestContext context, ElectLeadersRequest request, CancellationToken cancellation = default);

    /// <summary>Changes the in-sync replicas of partitions, as their leader asks (API 56).</summary>
    Task<AlterPartitionResponse> AlterPartitionAsync(
        ControllerRequestContext context, AlterPartitionRequest request, CancellationToken cancellation = default);

    /// <summary>Moves partitions to other brokers, or stops that (API 45).</summary>
    Task<AlterPartitionReassignmentsResponse> AlterPartitionReassignmentsAsync(
        ControllerRequestContext context, AlterPartitionReassignmentsRequest request, CancellationToken cancellation = default);

    /// <summary>Lists ongoing moves (API 46).</summary>
    Task<ListPartitionReassignmentsResponse> ListPartitionReassignmentsAsync(
        ControllerRequestContext context, ListPartitionReassignmentsRequest request, CancellationToken cancellation = default);

    /// <summary>Registers a broker (API 62).</summary>
    Task<BrokerRegistrationResponse> RegisterBrokerAsync(
        ControllerRequestContext context, BrokerRegistrationRequest request, CancellationToken cancellation = default);

    /// <summary>Keeps a broker alive, unfences it, or lets it shut down (API 63).</summary>
    Task<BrokerHeartbeatResponse> BrokerHeartbeatAsync(
        ControllerRequestContext context, BrokerHeartbeatRequest request, CancellationToken cancellation = default);

    /// <summary>Removes the registration of a broker (API 64).</summary>
    Task<UnregisterBrokerResponse> UnregisterBrokerAsync(
        ControllerRequestContext context, UnregisterBrokerRequest request, CancellationToken cancellation = default);

    /// <summary>Registers a controller (API 70).</summary>
    Task<ControllerRegistrationResponse> RegisterControllerAsync(
        ControllerRequestContext context, ControllerRegistrationRequest request, CancellationToken cancellation = default);

    /// <summary>Notes which log directories hold replicas (API 73).</summary>
    Task<AssignReplicasToDirsResponse> AssignReplicasToDirsAsync(
        ControllerRequestContext context, AssignReplicasToDirsRequest request, CancellationToken cancellation = default);

    /// <summary>Tells the state of the quorum (API 55). Needs no leadership.</summary>
    Task<DescribeQuorumResponse> DescribeQuorumAsync(
        ControllerRequestContext context, DescribeQuorumRequest request, CancellationToken cancellation = default);

    /// <summary>Adds a voter to the quorum (API 80).</summary>
    Task<AddRaftVoterResponse> AddRaftVoterAsync(
        ControllerRequestContext context, AddRaftVoterRequest request, CancellationToken cancellation = default);

    /// <summary>Removes a voter from the quorum (API 81).</summary>
    Task<RemoveRaftVoterResponse> RemoveRaftVoterAsync(
        ControllerRequestContext context, RemoveRaftVoterRequest request, CancellationToken cancellation = default);

    /// <summary>Notes where a voter listens and what it supports (API 82).</summary>
    Task<UpdateRaftVoterResponse> UpdateRaftVoterAsync(
        ControllerRequestContext context, UpdateRaftVoterRequest request, CancellationToken cancellation = default);

    /// <summary>Adds access control entries (API 30).</summary>
    Task<CreateAclsResponse> CreateAclsAsync(
        ControllerRequestContext context, CreateAclsRequest request, CancellationToken cancellation = default);

    /// <summary>Removes access control entries (API 31).</summary>
    Task<DeleteAclsResponse> DeleteAclsAsync(
        ControllerRequestContext context, DeleteAclsRequest request, CancellationToken cancellation = default);

    /// <summary>Sets and removes SCRAM credentials (API 51).</summary>
    Task<AlterUserScramCredentialsResponse> AlterUserScramCredentialsAsync(
        ControllerRequestContext context, AlterUserScramCredentialsRequest request, CancellationToken cancellation = default);

    /// <summary>Makes a delegation token (API 38).</summary>
    Task<CreateDelegationTokenResponse> CreateDelegationTokenAsync(
        ControllerRequestContext context, CreateDelegationTokenRequest request, CancellationToken cancellation = default);

    /// <summary>Makes a delegation token last longer (API 39).</summary>
    Task<RenewDelegationTokenResponse> RenewDelegationTokenAsync(
        ControllerRequestContext context, RenewDelegationTokenRequest request, CancellationToken cancellation = default);

    /// <summary>Makes a delegation token end (API 40).</summary>
    Task<ExpireDelegationTokenResponse> ExpireDelegationTokenAsync(
        ControllerRequestContext context, ExpireDelegationTokenRequest request, CancellationToken cancellation = default);

    /// <summary>The finalized features and the offset as of which they hold (their epoch).</summary>
    (FeaturesImage Features, long Epoch) FinalizedFeatures { get; }

    /// <summary>The kraft.version of the quorum, which is no metadata record's: 0 for static voters.</summary>
    short KRaftVersion { get; }
}
