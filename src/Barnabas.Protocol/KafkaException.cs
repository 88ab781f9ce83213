namespace Barnabas.Protocol;

/// <summary>A failure that Kafka's protocol has a code for.</summary>
public class KafkaException : Exception
{
    /// <summary>A failure with Kafka's own message for its code.</summary>
    public KafkaException(ErrorCode errorCode)
        : this(errorCode, ErrorCodes.Message(errorCode))
    {
    }

    /// <summary>A failure with a message that says more than the code does.</summary>
    public KafkaException(ErrorCode errorCode, string message)
        : base(message) => ErrorCode = errorCode;

    /// <summary>A failure caused by another.</summary>
    public KafkaException(ErrorCode errorCode, string message, Exception? innerException)
        : base(message, innerException) => ErrorCode = errorCode;

    /// <summary>What a peer is told.</summary>
    public ErrorCode ErrorCode { get; }

    /// <summary>Whether the same attempt may succeed later.</summary>
    public bool IsRetriable => ErrorCodes.IsRetriable(ErrorCode);
}
