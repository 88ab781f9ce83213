// AlterReplicaLogDirs, versions 0-2 (KIP-113): begins to move replicas to other log directories of this broker, and answers at once.
// A replica that is not here yet is created in the directory later, and answered with REPLICA_NOT_AVAILABLE.
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterReplicaLogDirsApi(ReplicaAlterLogDirsManager moves) : ApiHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override ValueTask<AlterReplicaLogDirsResponse?> HandleAsync(RequestContext context, AlterReplicaLogDirsRequest request) =>
        new(Answer(request, (partition, path) => moves.Alter(partition, path)));

    protected override AlterReplicaLogDirsResponse ErrorResponse(RequestContext context, AlterReplicaLogDirsRequest request, KafkaException error) =>
        Answer(request, (_, _) => error.ErrorCode);

    private static AlterReplicaLogDirsResponse Answer(AlterReplicaLogDirsRequest request, Func<TopicPartition, string, ErrorCode> alter)
    {
        var response = new AlterReplicaLogDirsResponse();
        var byTopic = new Dictionary<string, AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult>(StringComparer.Ordinal);
        foreach (var directory in request.Dirs)
        {
            foreach (var topic in directory.Topics)
            {
                if (!byTopic.TryGetValue(topic.Name, out var result))
                    response.Results.Add(byTopic[topic.Name] = result = new() { TopicName = topic.Name });
                foreach (var partition in topic.Partitions)
                    result.Partitions.Add(new() { PartitionIndex = partition, ErrorCode = alter(new TopicPartition(topic.Name, partition), directory.Path) });
            }
        }
        return response;
    }
}
