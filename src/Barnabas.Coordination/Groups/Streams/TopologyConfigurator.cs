using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>Decides how many partitions the internal topics of a topology need, by Kafka's rules. Pure.</summary>
internal sealed class TopologyConfigurator
{
    private readonly StreamsGroupTopologyValue _topology;
    private readonly IGroupTopics _topics;
    private readonly Dictionary<string, int> _decided = new(StringComparer.Ordinal);

    private TopologyConfigurator(StreamsGroupTopologyValue topology, IGroupTopics topics)
    {
        _topology = topology;
        _topics = topics;
    }

    /// <exception cref="KafkaException">STREAMS_INVALID_TOPOLOGY: no topics at all would make it work.</exception>
    public static ConfiguredTopology Configure(StreamsGroupTopologyValue topology, IGroupTopics topics)
    {
        try
        {
            return new TopologyConfigurator(topology, topics).Configure();
        }
        catch (TopicConfigurationException e)
        {
            return new ConfiguredTopology { Epoch = topology.Epoch, Problem = (e.Status, e.Message) };
        }
    }

    /// <summary>All topics that a topology reads or writes.</summary>
    public static IEnumerable<string> RequiredTopics(StreamsGroupTopologyValue topology) => topology.Subtopologies.SelectMany(subtopology =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name)).Concat(subtopology.StateChangelogTopics.Select(topic => topic.Name)));

    private ConfiguredTopology Configure()
    {
        var missing = _topology.Subtopologies.SelectMany(subtopology => subtopology.SourceTopics).Distinct(StringComparer.Ordinal)
            .Where(topic => !_topics.TryGet(topic, out _)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new TopicConfigurationException(StreamsStatus.MissingSourceTopics, $"Source topics {Summarize(missing)} are missing.");

        DecideRepartitionTopics();
        EnforceCopartitioning();
        DecideChangelogTopics();
        var counts = _topology.Subtopologies.ToDictionary(subtopology => subtopology.SubtopologyId, TaskCount, StringComparer.Ordinal);
        var create = MissingInternalTopics();
        return new ConfiguredTopology
        {
            Epoch = _topology.Epoch,
            TaskCounts = counts,
            InternalTopicPartitions = _decided,
            MissingTopics = create,
            Problem = create.Count == 0 ? null : (StreamsStatus.MissingInternalTopics, $"Internal topics are missing: {Summarize([.. create.Select(topic => topic.Name)])}"),
        };
    }

    private void DecideRepartitionTopics()
    {
        foreach (var topic in _topology.Subtopologies.SelectMany(subtopology => subtopology.RepartitionSourceTopics))
        {
            if (topic.Partitions != 0)
                _decided[topic.Name] = topic.Partitions;
        }

        // A topic has as many partitions as the largest source of the subtopology that writes it, which may be such a topic itself.
        bool isOpen;
        do
        {
            var progress = isOpen = false;
            foreach (var subtopology in _topology.Subtopologies)
            {
                foreach (var sink in subtopology.RepartitionSinkTopics.Where(sink => !_decided.ContainsKey(sink)))
                {
                    var known = subtopology.RepartitionSourceTopics.Where(topic => _decided.ContainsKey(topic.Name)).Select(topic => _decided[topic.Name])
                        .Concat(subtopology.SourceTopics.Select(PartitionsOf).OfType<int>()).ToList();
                    if (known.Count == 0)
                    {
                        isOpen = true;
                        continue;
                    }

                    _decided[sink] = known.Max();
                    progress = true;
                }
            }

            if (isOpen && !progress)
                throw Invalid("Failed to compute number of partitions for all repartition topics. There may be loops in the topology that cannot be resolved.");
        }
        while (isOpen);

        if (_topology.Subtopologies.SelectMany(subtopology => subtopology.RepartitionSourceTopics).Any(topic => !_decided.ContainsKey(topic.Name)))
            throw Invalid("Failed to compute number of partitions for all repartition topics, because a repartition source topic is never used as a sink topic.");
    }

    private void EnforceCopartitioning()
    {
        var repartition = _topology.Subtopologies.SelectMany(subtopology => subtopology.RepartitionSourceTopics).ToLookup(topic => topic.Name, topic => topic.Partitions != 0, StringComparer.Ordinal);
        foreach (var subtopology in _topology.Subtopologies)
        {
            foreach (var group in subtopology.CopartitionGroups)
            {
                if (group.SourceTopics.Exists(index => index < 0 || index >= subtopology.SourceTopics.Count)
                    || group.RepartitionSourceTopics.Exists(index => index < 0 || index >= subtopology.RepartitionSourceTopics.Count))
                {
                    throw Invalid($"A copartition group of subtopology {subtopology.SubtopologyId} names topics that the subtopology does not have.");
                }

                var topics = group.SourceTopics.Select(index => subtopology.SourceTopics[index])
                    .Concat(group.RepartitionSourceTopics.Select(index => subtopology.RepartitionSourceTopics[index].Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                if (topics.Count > 0)
                    EnforceCopartitioning(topics, repartition);
            }
        }
    }

    private void EnforceCopartitioning(List<string> topics, ILookup<string, bool> repartition)
    {
        var flexible = topics.FindAll(topic => repartition.Contains(topic));
        var external = topics.FindAll(topic => !repartition.Contains(topic));
        var isFixed = flexible.FindAll(topic => repartition[topic].Any(one => one));
        var deciding = external.Count > 0 ? external : isFixed.Count > 0 ? isFixed : [];
        if (deciding.Select(Required).Distinct().Count() > 1)
        {
            throw new TopicConfigurationException(StreamsStatus.IncorrectlyPartitionedTopics,
                $"Following topics do not have the same number of partitions: [{{{string.Join(", ", deciding.Select(topic => $"{topic}={Required(topic)}"))}}}]");
        }

        var partitions = deciding.Count > 0 ? Required(deciding[0]) : flexible.Max(Required);
        foreach (var topic in flexible)
        {
            if (isFixed.Contains(topic) && Required(topic) != partitions)
            {
                throw new TopicConfigurationException(StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Number of partitions [{Required(topic)}] of repartition topic [{topic}] doesn't match number of partitions [{partitions}] of the source topic.");
            }

            _decided[topic] = partitions;
        }
    }

    private void DecideChangelogTopics()
    {
        foreach (var subtopology in _topology.Subtopologies)
        {
            var tasks = TaskCount(subtopology);
            foreach (var topic in subtopology.StateChangelogTopics)
                _decided[topic.Name] = tasks;
        }
    }

    private int TaskCount(StreamsGroupTopologyValue.Subtopology subtopology)
    {
        var sources = subtopology.SourceTopics.Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name)).ToList();
        return sources.Count > 0 ? sources.Max(Required) : throw Invalid($"No source topics found for subtopology {subtopology.SubtopologyId}");
    }

    private List<CreateTopicsRequest.CreatableTopic> MissingInternalTopics()
    {
        var missing = new SortedDictionary<string, CreateTopicsRequest.CreatableTopic>(StringComparer.Ordinal);
        foreach (var topic in _topology.Subtopologies.SelectMany(subtopology => subtopology.RepartitionSourceTopics.Concat(subtopology.StateChangelogTopics)))
        {
            var partitions = topic.Partitions != 0 ? topic.Partitions : _decided[topic.Name];
            if (!_topics.TryGet(topic.Name, out var existing))
            {
                missing[topic.Name] = new()
                {
                    Name = topic.Name,
                    NumPartitions = partitions,
                    ReplicationFactor = topic.ReplicationFactor != 0 ? topic.ReplicationFactor : (short)-1,
                    Configs = [.. topic.TopicConfigs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })],
                };
            }
            else if (existing.PartitionCount != partitions)
            {
                throw new TopicConfigurationException(StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Existing topic {topic.Name} has different number of partitions: expected {partitions}, found {existing.PartitionCount}");
            }
        }

        return [.. missing.Values];
    }

    private int? PartitionsOf(string topic) => _topics.TryGet(topic, out var known) ? known.PartitionCount : _decided.TryGetValue(topic, out var decided) ? decided : null;

    private int Required(string topic) => PartitionsOf(topic) ?? throw Invalid($"Number of partitions is not set for topic: {topic}");

    private static string Summarize(List<string> topics) =>
        string.Join(", ", topics.Take(3)) + (topics.Count > 3 ? $" and {topics.Count - 3} additional topics" : "");

    private static KafkaException Invalid(string message) => new(ErrorCode.StreamsInvalidTopology, message);

    private sealed class TopicConfigurationException(StreamsStatus status, string message) : Exception(message)
    {
        public StreamsStatus Status { get; } = status;
    }
}
