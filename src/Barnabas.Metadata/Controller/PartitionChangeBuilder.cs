using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Which replica an election may choose.</summary>
internal enum Election
{
    /// <summary>The first replica when it can lead, else stay, else any in-sync one.</summary>
    Preferred,

    /// <summary>Stay, else any in-sync replica.</summary>
    Online,

    /// <summary>Like <see cref="Online"/>, and at last any live replica, with loss of data.</summary>
    Unclean,
}

/// <summary>
/// Turns a wanted change of one partition into a record: elects a leader, keeps the eligible leader replicas (KIP-966)
/// and completes reassignments that have caught up.
/// </summary>
/// <param name="partition">The partition as it is.</param>
/// <param name="topicId">Its topic.</param>
/// <param name="index">Its index.</param>
/// <param name="acceptableLeader">Whether a broker may lead.</param>
/// <param name="metadataVersion">The metadata.version to write in.</param>
/// <param name="minIsr">min.insync.replicas of the topic, at most the number of replicas.</param>
/// <param name="elrEnabled">Whether eligible leader replicas are kept.</param>
/// <param name="defaultDirectory">The directory for a new replica on a broker.</param>
internal sealed class PartitionChangeBuilder(
    PartitionRegistration partition,
    Uuid topicId,
    int index,
    Func<int, bool> acceptableLeader,
    short metadataVersion,
    int minIsr,
    bool elrEnabled,
    Func<int, Uuid> defaultDirectory)
{
    private List<int> _isr = [.. partition.Isr];
    private List<int> _replicas = [.. partition.Replicas];
    private List<int> _removing = [.. partition.RemovingReplicas];
    private List<int> _adding = [.. partition.AddingReplicas];
    private List<int> _elr = [.. partition.Elr];

    internal Election Election { get; init; } = Election.Online;

    internal IReadOnlyList<int> Isr { init => _isr = [.. value]; }

    internal IReadOnlyList<int> Replicas { init => _replicas = [.. value]; }

    internal IReadOnlyList<int> Removing { init => _removing = [.. value]; }

    internal IReadOnlyList<int> Adding { init => _adding = [.. value]; }

    /// <summary>A broker whose earlier incarnation did not stop cleanly: it may have lost data.</summary>
    internal int UncleanShutdownReplica { get; init; } = -1;

    internal LeaderRecoveryState RecoveryState { get; init; } = partition.LeaderRecoveryState;

    /// <summary>New directories of replicas, by broker.</summary>
    internal IReadOnlyDictionary<int, Uuid> Directories { get; init; } = new Dictionary<int, Uuid>();

    /// <summary>The record, or null when nothing changes.</summary>
    internal PartitionChangeRecord? Build()
    {
        var record = new PartitionChangeRecord { TopicId = topicId, PartitionId = index };
        CompleteReassignment();
        PopulateElr();
        Elect(record);
        if (record.Leader == PartitionRegistration.NoLeaderChange && partition.Replicas.Except(_replicas).Any())
        {
            // Replicas went away: the leader's epoch rises so that they are fenced off.
            record.Leader = partition.Leader;
        }
        if (record.Isr is not null || !elrEnabled) _elr = [];
        if (!_elr.SequenceEqual(partition.Elr)) record.EligibleLeaderReplicas = _elr;
        if (record.Isr is null && (_isr.Count > 0 || elrEnabled) && !_isr.SequenceEqual(partition.Isr)) record.Isr = _isr;
        if (MetadataRules.EpochBumpOnIsrShrink(metadataVersion) && record.Leader == PartitionRegistration.NoLeaderChange &&
            record.Isr is { } newIsr && partition.Isr.Except(newIsr).Any())
        {
            record.Leader = partition.Leader;
        }
        KeepLastKnownLeader(record);
        SetAssignment(record);
        if (RecoveryState != partition.LeaderRecoveryState && record.LeaderRecoveryState == -1)
        {
            record.LeaderRecoveryState = (sbyte)RecoveryState;
        }
        return IsNoOp(record) ? null : record;
    }

    private static bool IsNoOp(PartitionChangeRecord r) =>
        r.Isr is null && r.Leader == PartitionRegistration.NoLeaderChange && r.Replicas is null && r.RemovingReplicas is null &&
        r.AddingReplicas is null && r.LeaderRecoveryState == -1 && r.Directories is null &&
        r.EligibleLeaderReplicas is null && r.LastKnownElr is null;

    private void CompleteReassignment()
    {
        if (_removing.Count == 0 && _adding.Count == 0) return;
        var isr = _isr.Except(_removing).ToList();
        var replicas = _replicas.Except(_removing).ToList();
        if (isr.Count == 0)
        {
            // Nothing of the target is in sync: there would be no leader afterwards.
            return;
        }
        // Complete once all that is added is in sync.
        if (replicas.Count == 0 || _adding.Except(isr).Any()) return;
        _isr = isr;
        _replicas = replicas;
        _removing = [];
        _adding = [];
    }

    private void PopulateElr()
    {
        if (!elrEnabled) return;
        if (_isr.Count >= minIsr)
        {
            _elr = [];
            return;
        }
        // Whoever leaves the in-sync set while it is too small still has everything that was committed.
        _elr = [.. _elr.Concat(partition.Isr).Distinct()
            .Where(replica => !_isr.Contains(replica) && replica != UncleanShutdownReplica).Order()];
    }

    private void Elect(PartitionChangeRecord record)
    {
        var (node, unclean) = Election == Election.Preferred ? ElectPreferred() : ElectAny();
        if (node == partition.Leader) return;
        if (_elr.Contains(node))
        {
            _isr = [node];
            _elr = [.. _elr.Where(replica => replica != node)];
        }
        record.Leader = node;
        if (!unclean) return;
        // An unclean leader is alone in sync: what only others had is lost.
        record.Isr = [node];
        if (partition.LeaderRecoveryState != LeaderRecoveryState.Recovering)
        {
            record.LeaderRecoveryState = (sbyte)LeaderRecoveryState.Recovering;
        }
    }

    private (int Node, bool Unclean) ElectPreferred()
    {
        if (_replicas.Count > 0 && IsValidLeader(_replicas[0])) return (_replicas[0], false);
        if (IsValidLeader(partition.Leader)) return (partition.Leader, false);
        foreach (var replica in _replicas)
        {
            if (IsValidLeader(replica)) return (replica, false);
        }
        return CanElectLastKnownLeader() ? (partition.LastKnownElr[0], true) : (PartitionRegistration.NoLeader, false);
    }

    private (int Node, bool Unclean) ElectAny()
    {
        if (IsValidLeader(partition.Leader)) return (partition.Leader, false);
        foreach (var replica in _replicas)
        {
            if (IsValidLeader(replica)) return (replica, false);
        }
        if (CanElectLastKnownLeader()) return (partition.LastKnownElr[0], true);
        if (Election == Election.Unclean)
        {
            foreach (var replica in _replicas)
            {
                if (acceptableLeader(replica)) return (replica, true);
            }
        }
        return (PartitionRegistration.NoLeader, false);
    }

    private bool CanElectLastKnownLeader() =>
        elrEnabled && _elr.Count == 0 && _isr.Count == 0 && partition.LastKnownElr.Length == 1 &&
        acceptableLeader(partition.LastKnownElr[0]);

    private bool IsValidLeader(int replica) =>
        (_isr.Contains(replica) || (_isr.Count == 0 && _elr.Contains(replica))) && acceptableLeader(replica);

    private void KeepLastKnownLeader(PartitionChangeRecord record)
    {
        if (!elrEnabled)
        {
            if (partition.LastKnownElr.Length > 0) record.LastKnownElr = [];
            return;
        }
        if (record.Isr is { Count: 0 } && (partition.LastKnownElr.Length != 1 || partition.LastKnownElr[0] != partition.Leader))
        {
            // Only the first time that the partition loses its leader.
            if (partition.HasLeader) record.LastKnownElr = [partition.Leader];
        }
        else if (partition.LastKnownElr.Length > 0 &&
                 (record.Leader >= 0 || (partition.HasLeader && record.Leader != PartitionRegistration.NoLeader)))
        {
            record.LastKnownElr = [];
        }
    }

    private void SetAssignment(PartitionChangeRecord record)
    {
        if (_replicas.Count > 0)
        {
            if (MetadataRules.DirectoryAssignment(metadataVersion))
            {
                List<Uuid> directories = [.. _replicas.Select(DirectoryOf)];
                if (!directories.SequenceEqual(partition.Directories)) record.Directories = directories;
            }
            if (!_replicas.SequenceEqual(partition.Replicas)) record.Replicas = _replicas;
        }
        if (!_removing.SequenceEqual(partition.RemovingReplicas)) record.RemovingReplicas = _removing;
        if (!_adding.SequenceEqual(partition.AddingReplicas)) record.AddingReplicas = _adding;
    }

    private Uuid DirectoryOf(int replica)
    {
        if (Directories.TryGetValue(replica, out var directory)) return directory;
        return partition.Replicas.Contains(replica) ? partition.Directory(replica) : defaultDirectory(replica);
    }
}
