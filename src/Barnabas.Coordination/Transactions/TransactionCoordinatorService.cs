using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Transactions;

/// <summary>
/// The transaction coordinator of a node as the API handlers see it: finds the shard of a transactional id, fetches producer ids
/// where one is needed, and has the markers of decided transactions written. Thread-safe. Its tasks answer errors; they do not fail.
/// </summary>
public sealed partial class TransactionCoordinatorService : IDisposable
{
    /// <summary>The topic that holds the transactional ids.</summary>
    public const string TopicName = "__transaction_state";

    private readonly CoordinatorRuntime<TransactionCoordinatorShard> _runtime;
    private readonly TransactionCoordinatorConfig _config;
    private readonly Func<CancellationToken, ValueTask<long>> _nextProducerId;
    private readonly TransactionEffects _effects;
    private readonly CancellationTokenSource _stopping = new();
    private int _partitionCount;
    private volatile bool _isActive;

    /// <summary>A coordinator that answers COORDINATOR_NOT_AVAILABLE until it is started.</summary>
    /// <param name="config">The broker's configuration.</param>
    /// <param name="runtimeOptions">How it writes and loads.</param>
    /// <param name="logs">Where its logs are.</param>
    /// <param name="markers">Who writes markers.</param>
    /// <param name="nextProducerId">A producer id that nobody has.</param>
    /// <param name="transactionVersion">The cluster's finalized transaction version at the moment of asking.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Chance.</param>
    /// <param name="scheduler">Where shards run.</param>
    /// <param name="logger">The log.</param>
    public TransactionCoordinatorService(
        TransactionCoordinatorConfig config, CoordinatorRuntimeOptions runtimeOptions, ICoordinatorLogs logs, ITransactionMarkers markers,
        Func<CancellationToken, ValueTask<long>> nextProducerId, Func<short> transactionVersion, TimeProvider time, Random random,
        TaskScheduler scheduler, ILogger logger)
    {
        _config = config;
        _nextProducerId = nextProducerId;
        _effects = new TransactionEffects(markers, nextProducerId, time, logger, _stopping.Token);
        _runtime = new CoordinatorRuntime<TransactionCoordinatorShard>(
            runtimeOptions, logs, new TransactionRecordSerde(),
            context => new TransactionCoordinatorShard(context, config, transactionVersion, _effects), time, random, scheduler, logger);
        _effects.Runtime = _runtime;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="partitionCount">How many partitions the topic has, or will have when it is created.</param>
    public void Start(int partitionCount)
    {
        _partitionCount = partitionCount;
        _isActive = true;
    }

    /// <summary>The partition of <see cref="TopicName"/> that coordinates <paramref name="transactionalId"/>.</summary>
    /// <exception cref="KafkaException">COORDINATOR_NOT_AVAILABLE before the start.</exception>
    public int PartitionFor(string transactionalId) =>
        _isActive ? GroupPartitioner.PartitionFor(transactionalId, _partitionCount) : throw new KafkaException(ErrorCode.CoordinatorNotAvailable);

    /// <summary>This node leads the partition from now on.</summary>
    public void OnElection(int partition, int leaderEpoch) => _runtime.Load(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <summary>This node leads the partition no more; the epoch is the next leader's, or null if the partition was stopped or deleted.</summary>
    public void OnResignation(int partition, int? leaderEpoch) => _runtime.Unload(new TopicPartition(TopicName, partition), leaderEpoch);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _isActive = false;
        _stopping.Cancel();
        _runtime.Dispose();
    }

    private TopicPartition ShardOf(string transactionalId) => new(TopicName, GroupPartitioner.PartitionFor(transactionalId, _partitionCount));

    private ErrorCode Check(string? transactionalId) =>
        !_isActive ? ErrorCode.CoordinatorNotAvailable
        : string.IsNullOrEmpty(transactionalId) ? ErrorCode.InvalidRequest
        : ErrorCode.None;
}
