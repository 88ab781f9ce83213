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
    public required IOffsetStore Offsets { get; init; }

    /// <summary>How often offsets are committed.</summary>
    public required TimeSpan FlushInterval { get; init; }

    /// <summary>How long the last flush may take.</summary>
    public required TimeSpan FlushTimeout { get; init; }
}
