namespace Barnabas.Coordination.Runtime;

/// <summary>Timed operations of one shard, each under a key. A later schedule under the same key replaces the earlier one.</summary>
public interface ICoordinatorTimer
{
    /// <summary>Runs <paramref name="operation"/> on the shard once <paramref name="delayMs"/> milliseconds have passed; its records are written like a request's.</summary>
    void Schedule(string key, long delayMs, Func<CoordinatorResult> operation);

    /// <summary>Forgets the operation under <paramref name="key"/>, if any.</summary>
    void Cancel(string key);

    /// <summary>Whether an operation waits under <paramref name="key"/>.</summary>
    bool IsScheduled(string key);
}
