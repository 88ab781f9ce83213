using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Metadata;

/// <summary>What a client knows of the cluster at one moment. Immutable.</summary>
public sealed class ClusterSnapshot
{
    private readonly Dictionary<Uuid, TopicMetadata> _topicsById;

    internal ClusterSnapshot(string? clusterId, int controllerId, IEnumerable<Node> nodes, IEnumerable<TopicMetadata> topics, long version)
    {
        ClusterId = clusterId;
        ControllerId = controllerId;
        Version = version;
        Nodes = By(nodes, node => node.Id);
        Topics = By(topics, topic => topic.Name);
        _topicsById = By(Topics.Values.Where(topic => topic.TopicId != Uuid.Zero), topic => topic.TopicId);
    }

    internal static ClusterSnapshot Empty { get; } = new(null, -1, [], [], 0);

    /// <summary>The cluster's id, null when no node has answered yet.</summary>
    public string? ClusterId { get; }

    /// <summary>The controller's node id, -1 when unknown.</summary>
    public int ControllerId { get; }

    /// <summary>Grows with each update.</summary>
    public long Version { get; }

    /// <summary>All nodes by id.</summary>
    public IReadOnlyDictionary<int, Node> Nodes { get; }

    /// <summary>The topics that were asked for and that answered without error, by name.</summary>
    public IReadOnlyDictionary<string, TopicMetadata> Topics { get; }

    /// <summary>Finds a topic by id.</summary>
    public TopicMetadata? FindTopic(Uuid topicId) => _topicsById.GetValueOrDefault(topicId);

    /// <summary>Finds a partition; null when the topic or partition is not known.</summary>
    public PartitionMetadata? Find(TopicPartition partition) =>
        Topics.TryGetValue(partition.Topic, out var topic) ? topic.Find(partition.Partition) : null;

    /// <summary>The node that leads a partition; null when there is none or it is not known.</summary>
    public Node? LeaderOf(TopicPartition partition) =>
        Find(partition) is { LeaderId: >= 0 } found ? Nodes.GetValueOrDefault(found.LeaderId) : null;

    // Where a node's answer names something twice, the last counts.
    private static Dictionary<TKey, T> By<TKey, T>(IEnumerable<T> all, Func<T, TKey> key)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, T>();
        foreach (var one in all) found[key(one)] = one;
        return found;
    }
}
