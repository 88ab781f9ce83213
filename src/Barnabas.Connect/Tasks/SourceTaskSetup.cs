using Barnabas.Client.Producer;
using Barnabas.Connect.ErrorHandling;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Worker;

namespace Barnabas.Connect.Tasks;

/// <summary>What a source task runs with.</summary>
public sealed record SourceTaskSetup
{
    /// <summary>The configuration that the connector made for it.</summary>
    public required IReadOnlyDictionary<string, string> TaskConfigs { get; init; }

    /// <summary>Its converters and transforms.</summary>
    public required TaskPipeline Pipeline { get; init; }

    /// <summary>The connector's wishes for errors.</summary>
    public required ErrorOptions Errors { get; init; }

    /// <summary>Runs its steps.</summary>
    public required ToleranceOperator Tolerance { get; init; }

    /// <summary>Its producer; the task closes it.</summary>
    public required Producer<byte[]?, byte[]?> Producer { get; init; }

    /// <summary>Makes topics that are missing.</summary>
    public required TopicCreation Topics { get; init; }

    /// <summary>Where its offsets are kept.</summary>
    public required Func<CancellationToken, ValueTask<IOffsetStore>> Offsets { get; init; }

    /// <summary>How it writes in transactions; null where it does not.</summary>
    public required TransactionSetup? Transactions { get; init; }

    /// <summary>How often offsets are committed.</summary>
    public required TimeSpan FlushInterval { get; init; }

    /// <summary>How long the last flush may take.</summary>
    public required TimeSpan FlushTimeout { get; init; }
}

/// <summary>How a source task writes in transactions (KIP-618).</summary>
public sealed record TransactionSetup
{
    /// <summary>What is to be done before the first poll.</summary>
    public required TaskPreflight Preflight { get; init; }

    /// <summary><c>transaction.boundary</c>.</summary>
    public required TransactionBoundary Boundary { get; init; }

    /// <summary>The interval of <see cref="TransactionBoundary.Interval"/>.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The topic of its offsets.</summary>
    public required string OffsetsTopic { get; init; }
}

/// <summary>Where transactions end.</summary>
public enum TransactionBoundary
{
    /// <summary>After each poll.</summary>
    Poll,

    /// <summary>After a while.</summary>
    Interval,

    /// <summary>Where the connector says.</summary>
    Connector,
}
