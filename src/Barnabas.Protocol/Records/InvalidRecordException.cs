namespace Barnabas.Protocol.Records;

/// <summary>A batch whose checksum may well match but whose records break the format's rules.</summary>
public sealed class InvalidRecordException : KafkaException
{
    /// <summary>With the rule that was broken.</summary>
    public InvalidRecordException(string message)
        : base(ErrorCode.InvalidRecord, message)
    {
    }

    /// <summary>With the rule that was broken and what found it.</summary>
    public InvalidRecordException(string message, Exception inner)
        : base(ErrorCode.InvalidRecord, message, inner)
    {
    }
}
