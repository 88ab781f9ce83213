using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>What every kind of group answers to the parts that do not care which kind it is. Lives on its shard's thread.</summary>
internal abstract class Group(string groupId)
{
    public string GroupId { get; } = groupId;

    public abstract GroupType Type { get; }

    /// <summary>The state's name as ListGroups and DescribeGroups show it.</summary>
    public abstract string StateName { get; }

    /// <summary>The protocol type as ListGroups shows it, "" if the group never had one.</summary>
    public abstract string ProtocolTypeName { get; }

    /// <summary>Whether no member is in the group.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Whether the clean-up of expired offsets looks at this group.</summary>
    public virtual bool ShouldExpire => true;

    /// <summary>Throws the error a commit by this member deserves, if any.</summary>
    /// <returns>What each of its partitions has to pass besides, or null.</returns>
    /// <exception cref="KafkaException">The error.</exception>
    public abstract CommitPartitionValidator? ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion);

    /// <summary>Throws the error a fetch of committed offsets by this member deserves, if any.</summary>
    /// <exception cref="KafkaException">The error.</exception>
    public abstract void ValidateOffsetFetch(string? memberId, int memberEpoch);

    /// <summary>Throws if offsets of this group cannot be deleted now.</summary>
    /// <exception cref="KafkaException">The error.</exception>
    public abstract void ValidateOffsetDelete();

    /// <summary>Throws if this group cannot be deleted now.</summary>
    /// <exception cref="KafkaException">The error.</exception>
    public abstract void ValidateDeleteGroup();

    /// <summary>Whether a member reads <paramref name="topic"/>, so that its offsets must stay.</summary>
    public abstract bool IsSubscribedToTopic(string topic);

    /// <summary>Since when an offset of this group counts as unused, or null if offsets do not expire in the group's present state.</summary>
    public abstract OffsetExpiration? OffsetExpiration { get; }

    /// <summary>Adds the records that delete the group itself.</summary>
    public abstract void AddTombstones(List<CoordinatorRecord> records);
}
