using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Broker.Replication;

/// <summary>Sees to it that the controller knows where each new replica's log is, and that moves go on after a restart.</summary>
internal sealed class ReplicaDirectories(int localId, LogManager logs, AssignmentsManager assignments, ReplicaAlterLogDirsManager moves)
{
    public void OnCreated(Partition partition)
    {
        var actual = logs.DirectoryOf(partition.Log).Id;
        // A single directory is known to the controller from the registration.
        if (logs.Directories.Count > 1 && actual != Uuid.Zero && partition.Registration.Directory(localId) != actual && logs.GetFutureLog(partition.TopicPartition) is null)
            assignments.Assign(new TopicIdPartition(partition.TopicId, partition.TopicPartition.Topic, partition.TopicPartition.Partition), actual);
        if (logs.GetFutureLog(partition.TopicPartition) is not null)
            moves.Begin(partition);
    }
}
