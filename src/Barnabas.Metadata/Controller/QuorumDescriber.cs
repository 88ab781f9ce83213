using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Metadata.Controller;

/// <summary>Answers DescribeQuorum.</summary>
internal static class QuorumDescriber
{
    private const short FirstVersionWithNodes = 2;

    internal static DescribeQuorumResponse Describe(QuorumDescription quorum, DescribeQuorumRequest request, short apiVersion, int nodeId)
    {
        var response = new DescribeQuorumResponse();
        var isRight = request.Topics is [{ TopicName: TopicNames.ClusterMetadata, Partitions: [{ PartitionIndex: 0 }] }];
        foreach (var topic in request.Topics)
        {
            var answer = new DescribeQuorumResponse.TopicData { TopicName = topic.TopicName };
            foreach (var partition in topic.Partitions)
            {
                answer.Partitions.Add(
                    !isRight ? Failed(partition.PartitionIndex, ErrorCode.UnknownTopicOrPartition)
                    : !quorum.Leader.IsLeader(nodeId) ? Failed(partition.PartitionIndex, ErrorCode.NotLeaderOrFollower)
                    : Partition(quorum));
            }
            response.Topics.Add(answer);
        }
        if (apiVersion >= FirstVersionWithNodes && isRight && quorum.Leader.IsLeader(nodeId))
        {
            foreach (var voter in quorum.VoterNodes.Voters.Values) response.Nodes.Add(Node(voter));
        }
        return response;
    }

    private static DescribeQuorumResponse.PartitionData Failed(int index, ErrorCode code) => new()
    {
        PartitionIndex = index,
        ErrorCode = code,
        ErrorMessage = ErrorCodes.Message(code),
    };

    private static DescribeQuorumResponse.PartitionData Partition(QuorumDescription quorum) => new()
    {
        PartitionIndex = 0,
        LeaderId = quorum.Leader.LeaderId ?? -1,
        LeaderEpoch = quorum.Leader.Epoch,
        HighWatermark = quorum.HighWatermark,
        CurrentVoters = [.. quorum.Voters.Select(Replica)],
        Observers = [.. quorum.Observers.Select(Replica)],
    };

    private static DescribeQuorumResponse.ReplicaState Replica(ReplicaDescription replica) => new()
    {
        ReplicaId = replica.Key.Id,
        ReplicaDirectoryId = replica.Key.DirectoryId,
        LogEndOffset = replica.LogEndOffset,
        LastFetchTimestamp = replica.LastFetchTimestampMs,
        LastCaughtUpTimestamp = replica.LastCaughtUpTimestampMs,
    };

    private static DescribeQuorumResponse.Node Node(Voter voter)
    {
        var node = new DescribeQuorumResponse.Node { NodeId = voter.Key.Id };
        foreach (var endpoint in voter.Endpoints)
        {
            node.Listeners.Add(new DescribeQuorumResponse.Listener
            {
                Name = endpoint.Listener,
                Host = endpoint.Host,
                Port = (ushort)endpoint.Port,
            });
        }
        return node;
    }
}
