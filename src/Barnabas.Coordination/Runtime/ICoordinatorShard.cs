namespace Barnabas.Coordination.Runtime;

/// <summary>
/// The state machine of one partition of a coordinator's topic. The runtime calls it from one thread at a time;
/// it does no I/O and reads time only from its <see cref="CoordinatorShardContext"/>.
/// </summary>
public interface ICoordinatorShard
{
    /// <summary>Applies one record, at load or as it is written. Everything it changes goes through the context's rollback log.</summary>
    /// <param name="offset">The record's offset.</param>
    /// <param name="producerId">The producer id of a transactional record, or -1.</param>
    /// <param name="record">The record.</param>
    void Replay(long offset, long producerId, CoordinatorRecord record);

    /// <summary>Applies the end of a transaction.</summary>
    /// <param name="producerId">The producer whose transaction ended.</param>
    /// <param name="committed">True for commit, false for abort.</param>
    void ReplayEndTransactionMarker(long producerId, bool committed);

    /// <summary>The whole log is replayed and requests follow: start timers here.</summary>
    void OnLoaded();

    /// <summary>The partition moved away or the node stops: answer whoever waits. No request follows.</summary>
    void OnUnloaded();
}
