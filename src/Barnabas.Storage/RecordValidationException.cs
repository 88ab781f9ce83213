using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>Why one record of a refused batch was refused.</summary>
/// <param name="BatchIndex">The record's place in the batch, from 0.</param>
/// <param name="Message">What is wrong with it.</param>
public readonly record struct RecordError(int BatchIndex, string Message);

/// <summary>A batch refused for some of its records (KIP-467); the produce response names them.</summary>
public sealed class RecordValidationException : KafkaException
{
    /// <summary>A refusal with the records at fault.</summary>
    public RecordValidationException(ErrorCode errorCode, string message, IReadOnlyList<RecordError> recordErrors)
        : base(errorCode, message) => RecordErrors = recordErrors;

    /// <summary>The records at fault, in order.</summary>
    public IReadOnlyList<RecordError> RecordErrors { get; }
}
