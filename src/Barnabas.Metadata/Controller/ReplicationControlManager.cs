using Barnabas.Metadata.Image;
using Barnabas.Metadata.Placement;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// Decides over topics and partitions. This part holds what all others use; topics, elections, reassignments and the
/// life of brokers have files of their own. Lives on the controller's thread.
/// </summary>
internal sealed partial class ReplicationControlManager(
    ControllerState state,
    ConfigurationControlManager configuration,
    ClusterControlManager cluster,
    IReplicaPlacer placer,
    Random random)
{
    /// <summary>The most elections that one periodic run does.</summary>
    internal const int MaxElectionsPerRun = 1000;

    private static readonly Uuid[] ReservedIds = [Uuid.Zero, Uuid.One, new(0, 2)];

    /// <summary>A builder that changes nothing yet but elects a leader where one is needed.</summary>
    private PartitionChangeBuilder Change(
        TopicImage topic,
        int index,
        PartitionRegistration partition,
        Func<int, bool> acceptable,
        Election? election = null,
        IReadOnlyList<int>? isr = null,
        IReadOnlyList<int>? replicas = null,
        IReadOnlyList<int>? removing = null,
        IReadOnlyList<int>? adding = null,
        int uncleanShutdownReplica = -1,
        LeaderRecoveryState? recovery = null,
        IReadOnlyDictionary<int, Uuid>? directories = null)
    {
        var config = state.TopicConfigOf(topic.Name);
        return new PartitionChangeBuilder(
            partition,
            topic.Id,
            index,
            broker => acceptable(broker) && HasOnlineDirectory(partition, broker),
            state.MetadataVersion,
            Math.Min(config.GetInt("min.insync.replicas"), topic.Partition(0)?.Replicas.Length ?? partition.Replicas.Length),
            state.ElrEnabled,
            state.DefaultDirectory)
        {
            Election = election ?? (config.GetBoolean("unclean.leader.election.enable") ? Election.Unclean : Election.Online),
            Isr = isr ?? partition.Isr,
            Replicas = replicas ?? partition.Replicas,
            Removing = removing ?? partition.RemovingReplicas,
            Adding = adding ?? partition.AddingReplicas,
            UncleanShutdownReplica = uncleanShutdownReplica,
            RecoveryState = recovery ?? partition.LeaderRecoveryState,
            Directories = directories ?? new Dictionary<int, Uuid>(),
        };
    }

    private bool HasOnlineDirectory(PartitionRegistration partition, int broker) =>
        state.Image.Cluster.Broker(broker) is { } registration &&
        (!partition.Replicas.Contains(broker) || registration.HasOnlineDirectory(partition.Directory(broker)));

    private void AddChange(RecordList records, PartitionChangeBuilder builder)
    {
        if (builder.Build() is { } record) records.Add(record, MetadataRules.PartitionVersion(state.MetadataVersion));
    }

    private PartitionRegistration NewPartition(List<int> replicas, int[] isr) => new()
    {
        Replicas = [.. replicas],
        Directories = [.. replicas.Select(state.DefaultDirectory)],
        Isr = isr,
        Leader = isr[0],
        LeaderEpoch = 0,
        PartitionEpoch = 0,
    };

    private int[] ActiveOf(List<int> replicas) => [.. replicas.Where(state.IsActive)];

    private void AddPartition(RecordList records, Uuid topicId, int index, PartitionRegistration partition) =>
        records.Add(
            partition.ToRecord(topicId, index, state.MetadataVersion), MetadataRules.PartitionVersion(state.MetadataVersion));

    /// <exception cref="KafkaException">The assignment is not possible (INVALID_REPLICA_ASSIGNMENT).</exception>
    private void ValidateManualAssignment(List<int> replicas, int? replicationFactor)
    {
        if (replicas.Count == 0) throw Invalid("The manual partition assignment includes an empty replica list.");
        int? previous = null;
        foreach (var id in replicas.Order())
        {
            if (state.Image.Cluster.Broker(id) is null)
            {
                throw Invalid($"The manual partition assignment includes broker {id}, but no such broker is registered.");
            }
            if (id == previous) throw Invalid($"The manual partition assignment includes the broker {id} more than once.");
            previous = id;
        }
        if (replicationFactor is { } expected && replicas.Count != expected)
        {
            throw Invalid(
                $"The manual partition assignment includes a partition with {replicas.Count} replica(s), but this is not " +
                $"consistent with previous partitions, which have {expected} replica(s).");
        }

        static KafkaException Invalid(string message) => new(ErrorCode.InvalidReplicaAssignment, message);
    }

    private Uuid NewTopicId()
    {
        while (true)
        {
            var id = Uuid.Random(random);
            if (!ReservedIds.Contains(id) && state.Image.Topics.Find(id) is null) return id;
        }
    }
}
