using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>Whether the leader of a partition was elected uncleanly and still has to recover.</summary>
public enum LeaderRecoveryState : sbyte
{
    /// <summary>The leader is a former in-sync replica, or has recovered.</summary>
    Recovered = 0,

    /// <summary>The leader was elected from outside the in-sync replicas and has not recovered yet.</summary>
    Recovering = 1,
}

/// <summary>The state of one partition. Immutable; the arrays must not be written to.</summary>
public sealed class PartitionRegistration
{
    /// <summary>The leader of a partition that has none.</summary>
    public const int NoLeader = -1;

    /// <summary>In a change record: the leader stays what it was.</summary>
    public const int NoLeaderChange = -2;

    /// <summary>The brokers that hold the partition, preferred leader first.</summary>
    public required int[] Replicas { get; init; }

    /// <summary>For each replica the log directory that holds it, see <see cref="DirectoryId"/>.</summary>
    public required Uuid[] Directories { get; init; }

    /// <summary>The in-sync replicas.</summary>
    public required int[] Isr { get; init; }

    /// <summary>Replicas that a reassignment takes away.</summary>
    public int[] RemovingReplicas { get; init; } = [];

    /// <summary>Replicas that a reassignment adds.</summary>
    public int[] AddingReplicas { get; init; } = [];

    /// <summary>Replicas outside the in-sync set that still have all committed data (KIP-966).</summary>
    public int[] Elr { get; init; } = [];

    /// <summary>The last known eligible leader replicas, or the last known leader (KIP-966).</summary>
    public int[] LastKnownElr { get; init; } = [];

    /// <summary>The leader, or <see cref="NoLeader"/>.</summary>
    public required int Leader { get; init; }

    /// <summary>Whether the leader still recovers from an unclean election.</summary>
    public LeaderRecoveryState LeaderRecoveryState { get; init; }

    /// <summary>Raised whenever the leader changes.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Raised whenever anything here changes.</summary>
    public required int PartitionEpoch { get; init; }

    /// <summary>True when a live leader is known.</summary>
    public bool HasLeader => Leader != NoLeader;

    /// <summary>True when the first replica leads.</summary>
    public bool HasPreferredLeader => Replicas.Length > 0 && Leader == Replicas[0];

    /// <summary>True while replicas are being added or taken away.</summary>
    public bool IsReassigning => RemovingReplicas.Length > 0 || AddingReplicas.Length > 0;

    /// <summary>The directory that holds the replica of a broker.</summary>
    /// <exception cref="ArgumentException">The broker holds no replica.</exception>
    public Uuid Directory(int brokerId)
    {
        var index = Array.IndexOf(Replicas, brokerId);
        return index >= 0
            ? Directories[index]
            : throw new ArgumentException($"No replica of this partition is on broker {brokerId}.", nameof(brokerId));
    }

    internal static PartitionRegistration From(PartitionRecord record)
    {
        int[] replicas = [.. record.Replicas];
        return new PartitionRegistration
        {
            Replicas = replicas,
            Directories = DirectoryId.OrMigrating(record.Directories, replicas.Length),
            Isr = [.. record.Isr],
            RemovingReplicas = [.. record.RemovingReplicas],
            AddingReplicas = [.. record.AddingReplicas],
            Elr = record.EligibleLeaderReplicas is { } elr ? [.. elr] : [],
            LastKnownElr = record.LastKnownElr is { } known ? [.. known] : [],
            Leader = record.Leader,
            LeaderRecoveryState = (LeaderRecoveryState)record.LeaderRecoveryState,
            LeaderEpoch = record.LeaderEpoch,
            PartitionEpoch = record.PartitionEpoch,
        };
    }

    internal PartitionRegistration Merge(PartitionChangeRecord change)
    {
        int[] replicas = change.Replicas is { } newReplicas ? [.. newReplicas] : Replicas;
        Uuid[] directories = change.Directories is { } newDirectories
            ? DirectoryId.OrMigrating(newDirectories, replicas.Length)
            : change.Replicas is null ? Directories : CarryDirectories(replicas);
        var leaderChanges = change.Leader != NoLeaderChange;
        return new PartitionRegistration
        {
            Replicas = replicas,
            Directories = directories,
            Isr = change.Isr is { } isr ? [.. isr] : Isr,
            RemovingReplicas = change.RemovingReplicas is { } removing ? [.. removing] : RemovingReplicas,
            AddingReplicas = change.AddingReplicas is { } adding ? [.. adding] : AddingReplicas,
            Elr = change.EligibleLeaderReplicas is { } elr ? [.. elr] : Elr,
            LastKnownElr = change.LastKnownElr is { } known ? [.. known] : LastKnownElr,
            Leader = leaderChanges ? change.Leader : Leader,
            LeaderRecoveryState = change.LeaderRecoveryState == -1
                ? LeaderRecoveryState
                : (LeaderRecoveryState)change.LeaderRecoveryState,
            LeaderEpoch = leaderChanges ? LeaderEpoch + 1 : LeaderEpoch,
            PartitionEpoch = PartitionEpoch + 1,
        };
    }

    internal PartitionRecord ToRecord(Uuid topicId, int partitionId, short metadataVersion)
    {
        var record = new PartitionRecord
        {
            PartitionId = partitionId,
            TopicId = topicId,
            Replicas = [.. Replicas],
            Isr = [.. Isr],
            RemovingReplicas = [.. RemovingReplicas],
            AddingReplicas = [.. AddingReplicas],
            Leader = Leader,
            LeaderRecoveryState = (sbyte)LeaderRecoveryState,
            LeaderEpoch = LeaderEpoch,
            PartitionEpoch = PartitionEpoch,
        };
        if (MetadataRules.DirectoryAssignment(metadataVersion)) record.Directories = [.. Directories];
        if (MetadataRules.EligibleLeaderReplicas(metadataVersion))
        {
            if (Elr.Length > 0) record.EligibleLeaderReplicas = [.. Elr];
            if (LastKnownElr.Length > 0) record.LastKnownElr = [.. LastKnownElr];
        }
        return record;
    }

    private Uuid[] CarryDirectories(int[] replicas)
    {
        var result = new Uuid[replicas.Length];
        for (var i = 0; i < replicas.Length; i++)
        {
            var old = Array.IndexOf(Replicas, replicas[i]);
            result[i] = old >= 0 ? Directories[old] : DirectoryId.Unassigned;
        }
        return result;
    }
}
