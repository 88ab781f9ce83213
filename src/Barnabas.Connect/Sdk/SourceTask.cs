using Barnabas.Connect.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Sdk;

/// <summary>Reads a part of a source.</summary>
public abstract class SourceTask : ConnectTask
{
    /// <summary>Called once, before the first poll.</summary>
    /// <exception cref="Errors.ConnectException">It cannot run; its status becomes FAILED with the message.</exception>
    public abstract Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken);

    /// <summary>
    /// The next records; waits while there are none, and may return none after a while so that the worker can pause.
    /// </summary>
    /// <exception cref="Errors.RetriableException">Polling again may work.</exception>
    public abstract ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken);

    /// <summary>Called when a record is in Kafka, or was dropped by a transform or a tolerated error (then with no offset). In the order of records of a partition.</summary>
    public virtual ValueTask CommitRecordAsync(SourceRecord record, RecordPlace? place) => ValueTask.CompletedTask;

    /// <summary>Called after source offsets were committed.</summary>
    public virtual ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Where a record came to lie.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
public readonly record struct RecordPlace(string Topic, int Partition, long Offset);

/// <summary>What a source task gets from its worker.</summary>
public sealed record SourceTaskContext
{
    /// <summary>The connector's name.</summary>
    public required string ConnectorName { get; init; }

    /// <summary>The task's number, from 0.</summary>
    public required int TaskNumber { get; init; }

    /// <summary>Looks up the offsets that were committed for parts of the source; null for a part without one.</summary>
    public required IOffsetReader Offsets { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where it tells what it does.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Says where transactions end; null unless <c>transaction.boundary=connector</c> with exactly-once delivery (KIP-618).</summary>
    public TransactionContext? Transactions { get; init; }
}

/// <summary>Reads committed source offsets.</summary>
public interface IOffsetReader
{
    /// <summary>The offset of each part of the source, in order; null for a part without one.</summary>
    Task<IReadOnlyList<IReadOnlyDictionary<string, object?>?>> ReadAsync(
        IReadOnlyList<IReadOnlyDictionary<string, object?>> partitions, CancellationToken cancellationToken);
}
