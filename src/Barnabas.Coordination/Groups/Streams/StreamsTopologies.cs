using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>A topology as heartbeats say it, as records keep it and as descriptions show it.</summary>
internal static class StreamsTopologies
{
    /// <summary>The topology in one order, so that two that say the same are the same.</summary>
    public static StreamsGroupTopologyValue ToRecord(StreamsGroupHeartbeatRequest.TopologyData topology) => new()
    {
        Epoch = topology.Epoch,
        Subtopologies = [.. topology.Subtopologies.OrderBy(subtopology => subtopology.SubtopologyId, StringComparer.Ordinal).Select(subtopology => new StreamsGroupTopologyValue.Subtopology
        {
            SubtopologyId = subtopology.SubtopologyId,
            SourceTopics = [.. subtopology.SourceTopics],
            SourceTopicRegex = [.. subtopology.SourceTopicRegex],
            StateChangelogTopics = ToRecord(subtopology.StateChangelogTopics),
            RepartitionSinkTopics = [.. subtopology.RepartitionSinkTopics],
            RepartitionSourceTopics = ToRecord(subtopology.RepartitionSourceTopics),
            CopartitionGroups = [.. subtopology.CopartitionGroups.Select(group => new StreamsGroupTopologyValue.CopartitionGroup
            {
                SourceTopics = [.. group.SourceTopics],
                SourceTopicRegex = [.. group.SourceTopicRegex],
                RepartitionSourceTopics = [.. group.RepartitionSourceTopics],
            })],
        })],
    };

    /// <summary>Whether two topologies are the same, byte by byte.</summary>
    public static bool AreSame(StreamsGroupTopologyValue a, StreamsGroupTopologyValue b) => Bytes(a).AsSpan().SequenceEqual(Bytes(b));

    /// <summary>The topology with the partitions that were decided for its internal topics, where they were.</summary>
    public static StreamsGroupDescribeResponse.Topology? ToDescription(StreamsGroupTopologyValue? topology, ConfiguredTopology? configured) => topology is null ? null : new()
    {
        Epoch = topology.Epoch,
        Subtopologies = [.. topology.Subtopologies.Select(subtopology => new StreamsGroupDescribeResponse.Subtopology
        {
            SubtopologyId = subtopology.SubtopologyId,
            SourceTopics = [.. subtopology.SourceTopics.Order(StringComparer.Ordinal)],
            RepartitionSinkTopics = [.. subtopology.RepartitionSinkTopics.Order(StringComparer.Ordinal)],
            StateChangelogTopics = ToDescription(subtopology.StateChangelogTopics, configured),
            RepartitionSourceTopics = ToDescription(subtopology.RepartitionSourceTopics, configured),
        })],
    };

    private static List<StreamsGroupDescribeResponse.TopicInfo> ToDescription(List<StreamsGroupTopologyValue.TopicInfo> topics, ConfiguredTopology? configured) =>
        [.. topics.OrderBy(topic => topic.Name, StringComparer.Ordinal).Select(topic => new StreamsGroupDescribeResponse.TopicInfo
        {
            Name = topic.Name,
            Partitions = configured is { IsReady: true } ? configured.InternalTopicPartitions.GetValueOrDefault(topic.Name, topic.Partitions) : topic.Partitions,
            ReplicationFactor = topic.ReplicationFactor,
            TopicConfigs = [.. topic.TopicConfigs.OrderBy(config => config.Key, StringComparer.Ordinal).Select(config => new StreamsGroupDescribeResponse.KeyValue { Key = config.Key, Value = config.Value })],
        })];

    private static List<StreamsGroupTopologyValue.TopicInfo> ToRecord(List<StreamsGroupHeartbeatRequest.TopicInfo> topics) =>
        [.. topics.Select(topic => new StreamsGroupTopologyValue.TopicInfo
        {
            Name = topic.Name,
            Partitions = topic.Partitions,
            ReplicationFactor = topic.ReplicationFactor,
            TopicConfigs = [.. topic.TopicConfigs.Select(config => new StreamsGroupTopologyValue.TopicConfig { Key = config.Key, Value = config.Value })],
        })];

    private static byte[] Bytes(StreamsGroupTopologyValue topology)
    {
        using var writer = new MessageWriter();
        topology.Write(writer, 0);
        return writer.ToArray();
    }
}
