using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Sharing;

/// <summary>
/// The share coordinator of a node as the API handlers see it: finds the shard of each share partition and turns failures
/// into the error of that partition. Thread-safe. Its tasks do not fail.
/// </summary>
public sealed partial class ShareCoordinatorService : IShareGroupState, IDisposable
{
    /// <summary>The topic that holds the state of share partitions.</summary>
    public const string TopicName = "__share_group_state";

    private readonly CoordinatorRuntime<ShareCoordinatorShard> _runtime;
    private readonly ILogger _logger;
    private volatile ImageTopics _topics = ImageTopics.Empty;
    private int _partitionCount;
    private volatile bool _isActive;

    /// <summary>A coordinator that answers COORDINATOR_NOT_AVAILABLE until it is started.</summary>
    public ShareCoordinatorService(
        ShareCoordinatorConfig config,
        CoordinatorRuntimeOptions runtimeOptions,
        ICoordinatorLogs logs,
        Action<TopicPartition, long> prune,
        TimeProvider time,
        Random random,
        TaskScheduler scheduler,
        ILogger logger)
    {
        _logger = logger;
        _runtime = new CoordinatorRuntime<ShareCoordinatorShard>(
            runtimeOptions, logs, new ShareRecordSerde(), context => new ShareCoordinatorShard(context, config, () => _topics, prune), time, random, scheduler, logger);
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="partitionCount">How many partitions the topic has, or will have when it is created.</param>
    public void Start(int partitionCount)
    {
        _partitionCount = partitionCount;
        _isActive = true;
    }

    /// <summary>The partition of <see cref="TopicName"/> that is responsible for <paramref name="key"/>.</summary>
    /// <exception cref="KafkaException">COORDINATOR_NOT_AVAILABLE before the start.</exception>
    public int PartitionFor(SharePartitionKey key) =>
        _isActive ? GroupPartitioner.PartitionFor(key.ToString(), _partitionCount) : throw new KafkaException(ErrorCode.CoordinatorNotAvailable);

    /// <summary>This node leads the partition from now on.</summary>
    public void OnElection(int partition, int leaderEpoch) => _runtime.Load(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <summary>This node leads the partition no more; the epoch is the next leader's, or null if the partition was stopped or deleted.</summary>
    public void OnResignation(int partition, int? leaderEpoch) => _runtime.Unload(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <summary>The cluster's topics from now on. Called by one thread at a time, in the order of the images.</summary>
    public void OnMetadataUpdate(MetadataImage image) => _topics = _topics.Next(image);

    /// <summary>Forgets the state of deleted topics.</summary>
    public async Task OnTopicsDeletedAsync(IReadOnlySet<Uuid> topicIds)
    {
        foreach (var deletion in _runtime.WriteAllAsync(shard => shard.OnTopicsDeleted(topicIds)))
        {
            try
            {
                await deletion;
            }
            catch (KafkaException e) when (e.ErrorCode is not (ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress))
            {
                _logger.StateOfDeletedTopicsKept(e);
            }
            catch (KafkaException)
            {
                // Another node has this state, and heard of the deletion itself.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isActive = false;
        _runtime.Dispose();
    }

    private TopicPartition ShardOf(SharePartitionKey key) => new(TopicName, GroupPartitioner.PartitionFor(key.ToString(), _partitionCount));

    /// <summary>Runs an operation of one share partition and answers for it when it fails.</summary>
    private async Task<T> AnswerAsync<T>(string what, SharePartitionKey key, Func<ShareCoordinatorShard, CoordinatorResult<T>> operation, Func<ErrorCode, string, T> answerFailure)
    {
        if (!_isActive)
            return answerFailure(ErrorCode.CoordinatorNotAvailable, "Share coordinator is not available.");

        try
        {
            return await _runtime.WriteAsync(ShardOf(key), operation);
        }
        catch (Exception e)
        {
            var error = CoordinatorErrors.ToClientError(e);
            return answerFailure(error, $"Unable to {what} share group state: {(e is KafkaException && e.Message.Length > 0 ? e.Message : ErrorCodes.Message(error))}");
        }
    }
}
