using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>The log directory failed or is offline (KAFKA_STORAGE_ERROR).</summary>
public sealed class KafkaStorageException : KafkaException
{
    /// <summary>A failure without a cause of its own: the directory is offline already.</summary>
    public KafkaStorageException(string message)
        : base(ErrorCode.KafkaStorageError, message)
    {
    }

    /// <summary>The failure that takes the directory offline.</summary>
    public KafkaStorageException(string message, Exception cause)
        : base(ErrorCode.KafkaStorageError, message, cause)
    {
    }
}
