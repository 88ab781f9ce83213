namespace Barnabas.Protocol.Compression;

/// <summary>
/// A batch grows past the limit when decompressed. Carries MESSAGE_TOO_LARGE, upon which producers split the batch.
/// </summary>
public sealed class DecompressedSizeExceededException(int limitBytes)
    : KafkaException(ErrorCode.MessageTooLarge, $"The batch is larger than {limitBytes} bytes when decompressed.")
{
    /// <summary>The limit in bytes.</summary>
    public int LimitBytes { get; } = limitBytes;
}
