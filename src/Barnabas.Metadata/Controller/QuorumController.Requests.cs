using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>The requests of <see cref="IController"/>.</summary>
public sealed partial class QuorumController
{
    /// <inheritdoc/>
    public Task<CreateTopicsResponse> CreateTopicsAsync(
        ControllerRequestContext context, CreateTopicsRequest request, Func<string, bool>? describable = null, CancellationToken cancellation = default) =>
        Write("createTopics", context, () => _replication.CreateTopics(request, describable ?? (static _ => true), context.CountPartitionChanges), cancellation);

    /// <inheritdoc/>
    public Task<DeleteTopicsResponse> DeleteTopicsAsync(
        ControllerRequestContext context, DeleteTopicsRequest request, CancellationToken cancellation = default) =>
        Write("deleteTopics", context, () => _replication.DeleteTopics(request, context.ApiVersion, context.CountPartitionChanges), cancellation);

    /// <inheritdoc/>
    public Task<CreatePartitionsResponse> CreatePartitionsAsync(
        ControllerRequestContext context, CreatePartitionsRequest request, CancellationToken cancellation = default) =>
        Write("createPartitions", context, () => _replication.CreatePartitions(request, context.CountPartitionChanges), cancellation);

    /// <inheritdoc/>
    public Task<AlterConfigsResponse> AlterConfigsAsync(
        ControllerRequestContext context, AlterConfigsRequest request, CancellationToken cancellation = default) =>
        Write("legacyAlterConfigs", context, () => _configuration.LegacyAlter(request, context.IsForwarded), cancellation);

    /// <inheritdoc/>
    public Task<IncrementalAlterConfigsResponse> IncrementalAlterConfigsAsync(
        ControllerRequestContext context, IncrementalAlterConfigsRequest request, CancellationToken cancellation = default) =>
        Write("incrementalAlterConfigs", context, () => _configuration.IncrementalAlter(request, context.IsForwarded), cancellation);

    /// <inheritdoc/>
    public Task<AlterClientQuotasResponse> AlterClientQuotasAsync(
        ControllerRequestContext context, AlterClientQuotasRequest request, CancellationToken cancellation = default) =>
        Write("alterClientQuotas", context, () => _clientQuotas.Alter(request), cancellation);

    /// <inheritdoc/>
    public Task<UpdateFeaturesResponse> UpdateFeaturesAsync(
        ControllerRequestContext context, UpdateFeaturesRequest request, CancellationToken cancellation = default) =>
        Write("updateFeatures", context, () => _features.Update(request, context.ApiVersion, _raft.KRaftVersion, version => AppendVoters(version, _raft.UpdatedVoters)), cancellation);

    /// <inheritdoc/>
    public Task<AllocateProducerIdsResponse> AllocateProducerIdsAsync(
        ControllerRequestContext context, AllocateProducerIdsRequest request, CancellationToken cancellation = default) =>
        Write("allocateProducerIds", context, () => _producerIds.Allocate(request), cancellation);

    /// <inheritdoc/>
    public Task<ElectLeadersResponse> ElectLeadersAsync(
        ControllerRequestContext context, ElectLeadersRequest request, CancellationToken cancellation = default) =>
        Write("electLeaders", context, () => _replication.ElectLeaders(request), cancellation);

    /// <inheritdoc/>
    public Task<AlterPartitionResponse> AlterPartitionAsync(
        ControllerRequestContext context, AlterPartitionRequest request, CancellationToken cancellation = default) =>
        Write("alterPartition", context, () => _replication.AlterPartition(request, context.ApiVersion), cancellation);

    /// <inheritdoc/>
    public Task<AlterPartitionReassignmentsResponse> AlterPartitionReassignmentsAsync(
        ControllerRequestContext context, AlterPartitionReassignmentsRequest request, CancellationToken cancellation = default) =>
        Write("alterPartitionReassignments", context, () => _replication.AlterReassignments(request), cancellation);

    /// <inheritdoc/>
    public Task<ListPartitionReassignmentsResponse> ListPartitionReassignmentsAsync(
        ControllerRequestContext context, ListPartitionReassignmentsRequest request, CancellationToken cancellation = default) =>
        Write(
            "listPartitionReassignments", context,
            () => ControllerResult.Of(ReplicationControlManager.ListReassignments(_state.Image, request)), cancellation);

    /// <inheritdoc/>
    public Task<BrokerRegistrationResponse> RegisterBrokerAsync(
        ControllerRequestContext context, BrokerRegistrationRequest request, CancellationToken cancellation = default) =>
        Write(
            "registerBroker", context,
            () => _cluster.RegisterBroker(request, _lastWritten + 1, _replication.IncarnationEnded), cancellation);

    /// <inheritdoc/>
    public Task<BrokerHeartbeatResponse> BrokerHeartbeatAsync(
        ControllerRequestContext context, BrokerHeartbeatRequest request, CancellationToken cancellation = default) =>
        Write(
            "processBrokerHeartbeat", context, () => _replication.Heartbeat(request), cancellation,
            (response, offset) =>
            {
                if (_state.Image.Cluster.Broker(request.BrokerId) is { InControlledShutdown: true, Fenced: false })
                {
                    _cluster.Heartbeats.EnterControlledShutdown(request.BrokerId, offset);
                }
            });

    /// <inheritdoc/>
    public Task<UnregisterBrokerResponse> UnregisterBrokerAsync(
        ControllerRequestContext context, UnregisterBrokerRequest request, CancellationToken cancellation = default) =>
        Write("unregisterBroker", context, () => _replication.Unregister(request.BrokerId), cancellation);

    /// <inheritdoc/>
    public Task<ControllerRegistrationResponse> RegisterControllerAsync(
        ControllerRequestContext context, ControllerRegistrationRequest request, CancellationToken cancellation = default) =>
        Write("registerController", context, () => _cluster.RegisterController(request), cancellation);

    /// <inheritdoc/>
    public Task<AssignReplicasToDirsResponse> AssignReplicasToDirsAsync(
        ControllerRequestContext context, AssignReplicasToDirsRequest request, CancellationToken cancellation = default) =>
        Write("assignReplicasToDirs", context, () => _replication.AssignReplicasToDirs(request), cancellation);

    /// <inheritdoc/>
    public Task<CreateAclsResponse> CreateAclsAsync(
        ControllerRequestContext context, CreateAclsRequest request, CancellationToken cancellation = default) =>
        Write("createAcls", context, () => _acls.Create(request), cancellation);

    /// <inheritdoc/>
    public Task<DeleteAclsResponse> DeleteAclsAsync(
        ControllerRequestContext context, DeleteAclsRequest request, CancellationToken cancellation = default) =>
        Write("deleteAcls", context, () => _acls.Delete(request), cancellation);

    /// <inheritdoc/>
    public Task<AlterUserScramCredentialsResponse> AlterUserScramCredentialsAsync(
        ControllerRequestContext context, AlterUserScramCredentialsRequest request, CancellationToken cancellation = default) =>
        Write("alterUserScramCredentials", context, () => _scram.Alter(request), cancellation);

    /// <inheritdoc/>
    public Task<CreateDelegationTokenResponse> CreateDelegationTokenAsync(
        ControllerRequestContext context, CreateDelegationTokenRequest request, CancellationToken cancellation = default) =>
        Write("createDelegationToken", context, () => _tokens.Create(context, request), cancellation);

    /// <inheritdoc/>
    public Task<RenewDelegationTokenResponse> RenewDelegationTokenAsync(
        ControllerRequestContext context, RenewDelegationTokenRequest request, CancellationToken cancellation = default) =>
        Write("renewDelegationToken", context, () => _tokens.Renew(context, request), cancellation);

    /// <inheritdoc/>
    public Task<ExpireDelegationTokenResponse> ExpireDelegationTokenAsync(
        ControllerRequestContext context, ExpireDelegationTokenRequest request, CancellationToken cancellation = default) =>
        Write("expireDelegationToken", context, () => _tokens.Expire(context, request), cancellation);

    /// <inheritdoc/>
    public Task<DescribeQuorumResponse> DescribeQuorumAsync(
        ControllerRequestContext context, DescribeQuorumRequest request, CancellationToken cancellation = default) =>
        Task.FromResult(QuorumDescriber.Describe(_raft.Describe(), request, context.ApiVersion, _options.NodeId));

    /// <inheritdoc/>
    public Task<AddRaftVoterResponse> AddRaftVoterAsync(
        ControllerRequestContext context, AddRaftVoterRequest request, CancellationToken cancellation = default) =>
        Task.FromResult(VoterChanges.Add(_raft.Describe(), _raft.KRaftVersion, _options, request));

    /// <inheritdoc/>
    public Task<RemoveRaftVoterResponse> RemoveRaftVoterAsync(
        ControllerRequestContext context, RemoveRaftVoterRequest request, CancellationToken cancellation = default) =>
        Task.FromResult(VoterChanges.Remove(_raft.Describe(), _raft.KRaftVersion, _options, request));

    /// <inheritdoc/>
    public Task<UpdateRaftVoterResponse> UpdateRaftVoterAsync(
        ControllerRequestContext context, UpdateRaftVoterRequest request, CancellationToken cancellation = default) =>
        Write("updateRaftVoter", context, () => ControllerResult.Of(
            VoterUpdates.Update(_raft.Describe(), _raft.KRaftVersion, _options, request, voters => AppendVoters(null, voters))), cancellation);
}
