using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups.Consumer;

/// <summary>A member as a client keeps it: its epoch and what it owns.</summary>
internal sealed class SimulatedConsumer(string memberId, params string[] topics)
{
    public string MemberId { get; } = memberId;

    public string? InstanceId { get; init; }

    public string? Pattern { get; init; }

    public int Epoch { get; set; }

    public HashSet<(Uuid Topic, int Partition)> Owned { get; } = [];

    public ConsumerGroupHeartbeatResponse Beat(ShardHarness harness, short version = 1)
    {
        var joins = Epoch == 0;
        var response = harness.Run(shard => shard.ConsumerGroupHeartbeat(new GroupRequestContext(version, "client", "/127.0.0.1"), new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = MemberId,
            MemberEpoch = Epoch,
            InstanceId = InstanceId,
            RebalanceTimeoutMs = joins ? 60_000 : -1,
            SubscribedTopicNames = joins ? [.. topics] : null,
            SubscribedTopicRegex = joins ? Pattern : null,
            TopicPartitions = joins ? [] : [.. Owned.GroupBy(owned => owned.Topic).Select(topic => new ConsumerGroupHeartbeatRequest.TopicPartitionsData
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(owned => owned.Partition)],
            })],
        }));
        Epoch = response.MemberEpoch;
        if (response.Assignment is { } assignment)
        {
            Owned.Clear();
            foreach (var topic in assignment.TopicPartitions)
                foreach (var partition in topic.Partitions)
                    Owned.Add((topic.TopicId, partition));
        }

        return response;
    }

    public void Leave(ShardHarness harness)
    {
        harness.Run(shard => shard.ConsumerGroupHeartbeat(new GroupRequestContext(1, "client", "/127.0.0.1"), new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = MemberId,
            InstanceId = InstanceId,
            MemberEpoch = InstanceId is null ? -1 : -2,
        }));
        Epoch = 0;
        Owned.Clear();
    }
}
