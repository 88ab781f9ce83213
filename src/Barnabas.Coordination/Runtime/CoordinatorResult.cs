using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>What an operation of a coordinator decided: the records to write and what happens once they are committed.</summary>
public class CoordinatorResult
{
    /// <summary>Nothing to write.</summary>
    public static CoordinatorResult Empty { get; } = new([]);

    /// <summary>A result that writes <paramref name="records"/>.</summary>
    public CoordinatorResult(IReadOnlyList<CoordinatorRecord> records) => Records = records;

    /// <summary>The records to append, in order.</summary>
    public IReadOnlyList<CoordinatorRecord> Records { get; }

    /// <summary>
    /// Whether the records are replayed into the state as they are written. False where the operation
    /// already holds the state they describe, as the classic group protocol does.
    /// </summary>
    public bool ReplayRecords { get; init; } = true;

    /// <summary>Whether the records must lie in one batch. False lets a long clean-up be split.</summary>
    public bool IsAtomic { get; init; } = true;

    /// <summary>Called once, on the shard: with null when the records are committed, else with why they are not.</summary>
    public Action<KafkaException?>? OnCommitted { get; init; }
}

/// <summary>A <see cref="CoordinatorResult"/> with the answer that leaves when the records are committed.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed class CoordinatorResult<T> : CoordinatorResult
{
    /// <summary>A result that writes <paramref name="records"/> and then answers <paramref name="response"/>.</summary>
    public CoordinatorResult(IReadOnlyList<CoordinatorRecord> records, T response)
        : base(records) => Response = response;

    /// <summary>The answer.</summary>
    public T Response { get; }
}
