using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Runtime;

/// <summary>What a shard may use of the world. Owned by the runtime; used on the shard's thread only.</summary>
public sealed class CoordinatorShardContext
{
    /// <summary>The context of one shard.</summary>
    public CoordinatorShardContext(
        TopicPartition topicPartition, ICoordinatorTimer timer, RollbackLog rollback, Random random, ILogger logger)
    {
        TopicPartition = topicPartition;
        Timer = timer;
        Rollback = rollback;
        Random = random;
        Logger = logger;
    }

    /// <summary>The partition of the coordinator's topic that holds the shard's records.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>Timed operations of this shard.</summary>
    public ICoordinatorTimer Timer { get; }

    /// <summary>How the changes since the last write are taken back when the write fails.</summary>
    public RollbackLog Rollback { get; }

    /// <summary>The shard's source of chance, for ids.</summary>
    public Random Random { get; }

    /// <summary>Where the shard logs.</summary>
    public ILogger Logger { get; }

    /// <summary>The leader epoch in which the shard was loaded.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>The time of the operation under way, in milliseconds since the epoch. It stands still within an operation.</summary>
    public long NowMs { get; set; }
}
