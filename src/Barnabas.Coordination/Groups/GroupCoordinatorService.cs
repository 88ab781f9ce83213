using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Groups;

/// <summary>
/// The group coordinator of a node as the API handlers see it: finds the shard of a group, and turns every failure into
/// the answer a client understands. Thread-safe. Its tasks do not fail.
/// </summary>
public sealed partial class GroupCoordinatorService : IDisposable
{
    /// <summary>The topic that holds groups and offsets.</summary>
    public const string TopicName = "__consumer_offsets";

    private readonly CoordinatorRuntime<GroupCoordinatorShard> _runtime;
    private readonly GroupCoordinatorConfig _config;
    private readonly ShareGroupServices _share;
    private readonly ILogger _logger;
    private int _partitionCount;
    private volatile bool _isActive;

    /// <summary>A coordinator that answers COORDINATOR_NOT_AVAILABLE until it is started.</summary>
    public GroupCoordinatorService(
        GroupCoordinatorConfig config,
        CoordinatorRuntimeOptions runtimeOptions,
        ICoordinatorLogs logs,
        TimeProvider time,
        Random random,
        TaskScheduler scheduler,
        ShareGroupServices share,
        ILogger logger)
    {
        _config = config;
        _share = share;
        _logger = logger;
        _runtime = new CoordinatorRuntime<GroupCoordinatorShard>(
            runtimeOptions, logs, new GroupRecordSerde(), context => new GroupCoordinatorShard(context, config, () => _topics), time, random, scheduler, logger);
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="partitionCount">How many partitions the topic has, or will have when it is created.</param>
    public void Start(int partitionCount)
    {
        _partitionCount = partitionCount;
        _isActive = true;
    }

    /// <summary>The partition of <see cref="TopicName"/> that coordinates <paramref name="groupId"/>.</summary>
    /// <exception cref="KafkaException">COORDINATOR_NOT_AVAILABLE before the start.</exception>
    public int PartitionFor(string groupId) =>
        _isActive ? GroupPartitioner.PartitionFor(groupId, _partitionCount) : throw new KafkaException(ErrorCode.CoordinatorNotAvailable);

    /// <summary>This node leads the partition from now on.</summary>
    public void OnElection(int partition, int leaderEpoch) => _runtime.Load(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <summary>This node leads the partition no more; the epoch is the next leader's, or null if the partition was stopped or deleted.</summary>
    public void OnResignation(int partition, int? leaderEpoch) => _runtime.Unload(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <summary>Forgets the offsets of deleted topics, in every group this node coordinates.</summary>
    public async Task OnTopicsDeletedAsync(IReadOnlyList<DeletedTopic> topics)
    {
        foreach (var deletion in _runtime.WriteAllAsync(shard => shard.OnTopicsDeleted(topics)))
        {
            try
            {
                await deletion;
            }
            catch (KafkaException e) when (e.ErrorCode is not (ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress))
            {
                _logger.OffsetsOfDeletedTopicsKept(e, string.Join(", ", topics.Select(topic => topic.Name)));
            }
            catch (KafkaException)
            {
                // Another node coordinates these groups, and heard of the deletion itself.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isActive = false;
        _runtime.Dispose();
    }

    private TopicPartition ShardOf(string groupId) => new(TopicName, GroupPartitioner.PartitionFor(groupId, _partitionCount));

    /// <summary>Runs a request and answers for it when it fails.</summary>
    private static async Task<T> AnswerAsync<T>(Task<T> request, Func<ErrorCode, T> answerFailure)
    {
        try
        {
            return await request;
        }
        catch (Exception e)
        {
            return answerFailure(CoordinatorErrors.ToClientError(e));
        }
    }
}
