using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    private const string MetadataTopic = "__cluster_metadata";

    /// <summary>Describes the metadata quorum.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task<QuorumDescription> DescribeMetadataQuorumAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("describeMetadataQuorum", timeout, async token =>
        {
            var request = new DescribeQuorumRequest
            {
                Topics = [new DescribeQuorumRequest.TopicData { TopicName = MetadataTopic, Partitions = [new DescribeQuorumRequest.PartitionData { PartitionIndex = 0 }] }],
            };
            var response = await SendToAnyAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            if (response.Topics is not [{ TopicName: MetadataTopic, Partitions: [var partition] }])
                throw ErrorCode.UnknownServerError.ToException("DescribeQuorum response does not describe the metadata partition alone");
            if (partition.ErrorCode != ErrorCode.None) throw partition.ErrorCode.ToException(partition.ErrorMessage);
            return new QuorumDescription(
                partition.LeaderId,
                partition.LeaderEpoch,
                partition.HighWatermark,
                partition.CurrentVoters.ConvertAll(ToReplica),
                partition.Observers.ConvertAll(ToReplica),
                response.Nodes.ToDictionary(
                    node => node.NodeId,
                    node => (IReadOnlyList<QuorumEndpoint>)node.Listeners.ConvertAll(listener => new QuorumEndpoint(listener.Name, listener.Host, listener.Port))));
        }, cancellationToken);

    /// <summary>Adds a voter to the metadata quorum (KIP-853).</summary>
    /// <exception cref="KafkaException">The quorum refuses, or no node answers in time.</exception>
    public Task AddRaftVoterAsync(
        int voterId, Uuid directoryId, IReadOnlyList<QuorumEndpoint> endpoints, string? clusterId = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<Done>("addRaftVoter", timeout, async token =>
        {
            var request = new AddRaftVoterRequest
            {
                ClusterId = clusterId,
                TimeoutMs = TimeoutMs(timeout),
                VoterId = voterId,
                VoterDirectoryId = directoryId,
                Listeners = [.. endpoints.Select(endpoint => new AddRaftVoterRequest.Listener { Name = endpoint.Listener, Host = endpoint.Host, Port = (ushort)endpoint.Port })],
            };
            var response = await SendToAnyAsync(request, token);
            return response.ErrorCode == ErrorCode.None ? default : throw response.ErrorCode.ToException(response.ErrorMessage);
        }, cancellationToken);

    /// <summary>Removes a voter from the metadata quorum (KIP-853).</summary>
    /// <exception cref="KafkaException">The quorum refuses, or no node answers in time.</exception>
    public Task RemoveRaftVoterAsync(int voterId, Uuid directoryId, string? clusterId = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<Done>("removeRaftVoter", timeout, async token =>
        {
            var request = new RemoveRaftVoterRequest { ClusterId = clusterId, VoterId = voterId, VoterDirectoryId = directoryId };
            var response = await SendToAnyAsync(request, token);
            return response.ErrorCode == ErrorCode.None ? default : throw response.ErrorCode.ToException(response.ErrorMessage);
        }, cancellationToken);

    private static QuorumReplica ToReplica(DescribeQuorumResponse.ReplicaState replica) => new(
        replica.ReplicaId,
        replica.ReplicaDirectoryId,
        replica.LogEndOffset,
        replica.LastFetchTimestamp < 0 ? null : replica.LastFetchTimestamp,
        replica.LastCaughtUpTimestamp < 0 ? null : replica.LastCaughtUpTimestamp);
}
