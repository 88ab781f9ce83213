using System.Diagnostics.CodeAnalysis;
using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>The groups of one shard. Lives on the shard's thread.</summary>
internal sealed class GroupRegistry(CoordinatorShardContext context)
{
    private readonly TimelineDictionary<string, Group> _groups = new(context.Rollback);

    public IEnumerable<Group> All => _groups.Values;

    public int Count => _groups.Count;

    public bool TryGet(string groupId, [NotNullWhen(true)] out Group? group) => _groups.TryGetValue(groupId, out group);

    /// <summary>The group.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND.</exception>
    public Group Get(string groupId) =>
        _groups.TryGetValue(groupId, out var group)
            ? group
            : throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.");

    /// <summary>The classic group.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND: there is none, or it follows another protocol.</exception>
    public ClassicGroup GetClassic(string groupId) =>
        Get(groupId) as ClassicGroup ?? throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a classic group.");

    public bool TryGetClassic(string groupId, [NotNullWhen(true)] out ClassicGroup? group)
    {
        group = _groups.TryGetValue(groupId, out var found) ? found as ClassicGroup : null;
        return group is not null;
    }

    /// <summary>The classic group, made if there is no group of that name.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND: the name belongs to a group of another protocol.</exception>
    public ClassicGroup GetOrCreateClassic(string groupId)
    {
        if (_groups.ContainsKey(groupId))
            return GetClassic(groupId);

        var group = new ClassicGroup(context, groupId);
        _groups.Put(groupId, group);
        return group;
    }

    /// <summary>Puts <paramref name="group"/> in the place of any group of its name.</summary>
    public void Put(Group group) => _groups.Put(group.GroupId, group);

    public void Remove(string groupId) => _groups.Remove(groupId);
}
