using System.Collections.Concurrent;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Runtime;

/// <summary>
/// Runs the shards of one coordinator: one state machine per partition of its topic, each on one thread at a time.
/// Operations return records and an answer; the records are replayed and written, the answer leaves when they
/// are committed. Thread-safe; nothing here waits.
/// </summary>
/// <typeparam name="TShard">The state machine.</typeparam>
public sealed partial class CoordinatorRuntime<TShard> : IDisposable
    where TShard : class, ICoordinatorShard
{
    private readonly ConcurrentDictionary<TopicPartition, CoordinatorContext<TShard>> _contexts = new();
    private readonly CoordinatorEnvironment _environment;
    private readonly Func<CoordinatorShardContext, TShard> _createShard;

    /// <summary>A runtime without shards; <see cref="Load"/> brings them.</summary>
    public CoordinatorRuntime(
        CoordinatorRuntimeOptions options,
        ICoordinatorLogs logs,
        ICoordinatorRecordSerde serde,
        Func<CoordinatorShardContext, TShard> createShard,
        TimeProvider time,
        Random random,
        TaskScheduler scheduler,
        ILogger logger)
    {
        _environment = new CoordinatorEnvironment(options, logs, serde, time, random, scheduler, logger);
        _createShard = createShard;
    }

    /// <summary>This node became the leader of <paramref name="topicPartition"/>: replays its log, then answers. An epoch that is not newer is ignored.</summary>
    public void Load(TopicPartition topicPartition, int leaderEpoch) =>
        _contexts
            .GetOrAdd(topicPartition, static (tp, self) => new CoordinatorContext<TShard>(tp, self._environment, self._createShard), this)
            .Load(leaderEpoch);

    /// <summary>This node resigned as the leader of <paramref name="topicPartition"/>.</summary>
    /// <param name="topicPartition">The partition.</param>
    /// <param name="leaderEpoch">The epoch of the next leader, or null if the partition was deleted or stopped. A shard of that epoch or a later one stays.</param>
    public void Unload(TopicPartition topicPartition, int? leaderEpoch)
    {
        if (_contexts.TryGetValue(topicPartition, out var context))
            context.Unload(leaderEpoch);
    }

    /// <summary>Runs an operation that may write.</summary>
    /// <returns>The answer, once the operation's records and all before them are committed.</returns>
    /// <exception cref="KafkaException">(In the task.) What the operation threw; NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, REQUEST_TIMED_OUT if not committed in time, or the log's error.</exception>
    public Task<T> WriteAsync<T>(TopicPartition topicPartition, Func<TShard, CoordinatorResult<T>> operation)
    {
        if (!_contexts.TryGetValue(topicPartition, out var context))
            return Task.FromException<T>(new KafkaException(ErrorCode.NotCoordinator));

        return context.WriteAsync(operation);
    }

    /// <summary>Runs an operation that only reads. Its answer, too, waits until what it saw is committed.</summary>
    /// <exception cref="KafkaException">(In the task.) As <see cref="WriteAsync"/>.</exception>
    public Task<T> ReadAsync<T>(TopicPartition topicPartition, Func<TShard, T> operation) =>
        WriteAsync(topicPartition, shard => new CoordinatorResult<T>([], operation(shard)));

    /// <summary>Runs a reading operation on every shard there is.</summary>
    public IReadOnlyList<Task<T>> ReadAllAsync<T>(Func<TShard, T> operation)
    {
        var tasks = new List<Task<T>>();
        foreach (var topicPartition in _contexts.Keys)
            tasks.Add(ReadAsync(topicPartition, operation));
        return tasks;
    }

    /// <summary>Runs a writing operation on every shard there is.</summary>
    public IReadOnlyList<Task<T>> WriteAllAsync<T>(Func<TShard, CoordinatorResult<T>> operation)
    {
        var tasks = new List<Task<T>>();
        foreach (var topicPartition in _contexts.Keys)
            tasks.Add(WriteAsync(topicPartition, operation));
        return tasks;
    }

    /// <summary>Unloads every shard; who waits gets NOT_COORDINATOR.</summary>
    public void Dispose()
    {
        foreach (var context in _contexts.Values)
            context.Dispose();
    }
}

/// <summary>What all shards of a runtime share.</summary>
internal sealed record CoordinatorEnvironment(
    CoordinatorRuntimeOptions Options,
    ICoordinatorLogs Logs,
    ICoordinatorRecordSerde Serde,
    TimeProvider Time,
    Random Random,
    TaskScheduler Scheduler,
    ILogger Logger)
{
    /// <summary>Where the ticks of all shards begin.</summary>
    public long StartTimestamp { get; } = Time.GetTimestamp();
}
