using Barnabas.Broker.Cache;
using Barnabas.Metadata;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Node;

/// <summary>
/// The node's own controller for its clients: a change is answered when this broker has applied it, so that whoever created a topic
/// finds it with the next request. Everything else passes through.
/// </summary>
internal sealed class LocalController(MetadataNode node, MetadataCache metadata, TimeProvider time) : IController
{
    private static readonly TimeSpan MinWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly QuorumController _controller = node.Controller;

    public bool IsActive => _controller.IsActive;

    public (FeaturesImage Features, long Epoch) FinalizedFeatures => _controller.FinalizedFeatures;

    public short KRaftVersion => _controller.KRaftVersion;

    public Task<CreateTopicsResponse> CreateTopicsAsync(
        ControllerRequestContext context, CreateTopicsRequest request, Func<string, bool>? describable, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.CreateTopicsAsync(context, request, describable, cancellation));

    public Task<DeleteTopicsResponse> DeleteTopicsAsync(ControllerRequestContext context, DeleteTopicsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.DeleteTopicsAsync(context, request, cancellation));

    public Task<CreatePartitionsResponse> CreatePartitionsAsync(ControllerRequestContext context, CreatePartitionsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.CreatePartitionsAsync(context, request, cancellation));

    public Task<AlterConfigsResponse> AlterConfigsAsync(ControllerRequestContext context, AlterConfigsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.AlterConfigsAsync(context, request, cancellation));

    public Task<IncrementalAlterConfigsResponse> IncrementalAlterConfigsAsync(
        ControllerRequestContext context, IncrementalAlterConfigsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.IncrementalAlterConfigsAsync(context, request, cancellation));

    public Task<AlterClientQuotasResponse> AlterClientQuotasAsync(
        ControllerRequestContext context, AlterClientQuotasRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.AlterClientQuotasAsync(context, request, cancellation));

    public Task<UpdateFeaturesResponse> UpdateFeaturesAsync(ControllerRequestContext context, UpdateFeaturesRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.UpdateFeaturesAsync(context, request, cancellation));

    public Task<ElectLeadersResponse> ElectLeadersAsync(ControllerRequestContext context, ElectLeadersRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.ElectLeadersAsync(context, request, cancellation));

    public Task<AlterPartitionReassignmentsResponse> AlterPartitionReassignmentsAsync(
        ControllerRequestContext context, AlterPartitionReassignmentsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.AlterPartitionReassignmentsAsync(context, request, cancellation));

    public Task<AllocateProducerIdsResponse> AllocateProducerIdsAsync(
        ControllerRequestContext context, AllocateProducerIdsRequest request, CancellationToken cancellation) =>
        _controller.AllocateProducerIdsAsync(context, request, cancellation);

    public Task<AlterPartitionResponse> AlterPartitionAsync(ControllerRequestContext context, AlterPartitionRequest request, CancellationToken cancellation) =>
        _controller.AlterPartitionAsync(context, request, cancellation);

    public Task<ListPartitionReassignmentsResponse> ListPartitionReassignmentsAsync(
        ControllerRequestContext context, ListPartitionReassignmentsRequest request, CancellationToken cancellation) =>
        _controller.ListPartitionReassignmentsAsync(context, request, cancellation);

    public Task<BrokerRegistrationResponse> RegisterBrokerAsync(ControllerRequestContext context, BrokerRegistrationRequest request, CancellationToken cancellation) =>
        _controller.RegisterBrokerAsync(context, request, cancellation);

    public Task<BrokerHeartbeatResponse> BrokerHeartbeatAsync(ControllerRequestContext context, BrokerHeartbeatRequest request, CancellationToken cancellation) =>
        _controller.BrokerHeartbeatAsync(context, request, cancellation);

    public Task<UnregisterBrokerResponse> UnregisterBrokerAsync(ControllerRequestContext context, UnregisterBrokerRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.UnregisterBrokerAsync(context, request, cancellation));

    public Task<ControllerRegistrationResponse> RegisterControllerAsync(
        ControllerRequestContext context, ControllerRegistrationRequest request, CancellationToken cancellation) =>
        _controller.RegisterControllerAsync(context, request, cancellation);

    public Task<AssignReplicasToDirsResponse> AssignReplicasToDirsAsync(
        ControllerRequestContext context, AssignReplicasToDirsRequest request, CancellationToken cancellation) =>
        _controller.AssignReplicasToDirsAsync(context, request, cancellation);

    public Task<DescribeQuorumResponse> DescribeQuorumAsync(ControllerRequestContext context, DescribeQuorumRequest request, CancellationToken cancellation) =>
        _controller.DescribeQuorumAsync(context, request, cancellation);

    public Task<AddRaftVoterResponse> AddRaftVoterAsync(ControllerRequestContext context, AddRaftVoterRequest request, CancellationToken cancellation) =>
        _controller.AddRaftVoterAsync(context, request, cancellation);

    public Task<RemoveRaftVoterResponse> RemoveRaftVoterAsync(ControllerRequestContext context, RemoveRaftVoterRequest request, CancellationToken cancellation) =>
        _controller.RemoveRaftVoterAsync(context, request, cancellation);

    public Task<UpdateRaftVoterResponse> UpdateRaftVoterAsync(ControllerRequestContext context, UpdateRaftVoterRequest request, CancellationToken cancellation) =>
        _controller.UpdateRaftVoterAsync(context, request, cancellation);

    public Task<CreateAclsResponse> CreateAclsAsync(ControllerRequestContext context, CreateAclsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.CreateAclsAsync(context, request, cancellation));

    public Task<DeleteAclsResponse> DeleteAclsAsync(ControllerRequestContext context, DeleteAclsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.DeleteAclsAsync(context, request, cancellation));

    public Task<AlterUserScramCredentialsResponse> AlterUserScramCredentialsAsync(
        ControllerRequestContext context, AlterUserScramCredentialsRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.AlterUserScramCredentialsAsync(context, request, cancellation));

    public Task<CreateDelegationTokenResponse> CreateDelegationTokenAsync(
        ControllerRequestContext context, CreateDelegationTokenRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.CreateDelegationTokenAsync(context, request, cancellation));

    public Task<RenewDelegationTokenResponse> RenewDelegationTokenAsync(
        ControllerRequestContext context, RenewDelegationTokenRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.RenewDelegationTokenAsync(context, request, cancellation));

    public Task<ExpireDelegationTokenResponse> ExpireDelegationTokenAsync(
        ControllerRequestContext context, ExpireDelegationTokenRequest request, CancellationToken cancellation) =>
        AppliedAsync(context, _controller.ExpireDelegationTokenAsync(context, request, cancellation));

    private async Task<T> AppliedAsync<T>(ControllerRequestContext context, Task<T> change)
    {
        var response = await change;
        // What the response tells of lies below the high watermark of now. Half of the client's patience is left to it.
        var maxWait = context.Timeout / 2 is { } patience && patience > MinWait ? patience : MinWait;
        if (node.Raft.HighWatermark is { } end)
            await metadata.WaitAsync(image => image.Provenance.LastContainedOffset >= end - 1, maxWait < MaxWait ? maxWait : MaxWait, time);
        return response;
    }
}
