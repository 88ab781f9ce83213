using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>A topic as a group's assignment needs it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The id.</param>
/// <param name="PartitionCount">The number of partitions.</param>
public readonly record struct GroupTopic(string Name, Uuid Id, int PartitionCount);

/// <summary>The topics of the cluster at one moment. Immutable, so that a decision sees one state.</summary>
public interface IGroupTopics
{
    /// <summary>Grows with each change of the metadata.</summary>
    long Version { get; }

    /// <summary>The names of all topics.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The topic of that name.</summary>
    bool TryGet(string name, out GroupTopic topic);

    /// <summary>The topic of that id.</summary>
    bool TryGet(Uuid id, out GroupTopic topic);

    /// <summary>A configuration of the group itself (resource type GROUP), or null where none is set.</summary>
    string? GroupConfig(string groupId, string key);
}
