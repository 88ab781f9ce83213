using Barnabas.Client.Consumer;
using Barnabas.Connect.ErrorHandling;

namespace Barnabas.Connect.Tasks;

/// <summary>What a sink task runs with.</summary>
public sealed record SinkTaskSetup
{
    /// <summary>The configuration that the connector made for it.</summary>
    public required IReadOnlyDictionary<string, string> TaskConfigs { get; init; }

    /// <summary>Its converters and transforms.</summary>
    public required TaskPipeline Pipeline { get; init; }

    /// <summary>The connector's wishes for errors.</summary>
    public required ErrorOptions Errors { get; init; }

    /// <summary>Runs its steps.</summary>
    public required ToleranceOperator Tolerance { get; init; }

    /// <summary>Its consumer; the task closes it.</summary>
    public required Consumer<byte[]?, byte[]?> Consumer { get; init; }

    /// <summary>Takes records that failed; null without a dead letter queue.</summary>
    public required DeadLetterQueue? DeadLetters { get; init; }

    /// <summary>The topics to read; empty with <see cref="TopicPattern"/>.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The pattern of the topics to read; null with <see cref="Topics"/>.</summary>
    public required System.Text.RegularExpressions.Regex? TopicPattern { get; init; }

    /// <summary>How often offsets are committed.</summary>
    public required TimeSpan FlushInterval { get; init; }
}
