namespace Barnabas.Protocol.Compression;

/// <summary>
/// All memory for decompressed records is in use. Carries REQUEST_TIMED_OUT, which every client takes as a reason to send again.
/// </summary>
public sealed class BufferPoolExhaustedException(long limitBytes)
    : KafkaException(ErrorCode.RequestTimedOut, $"All {limitBytes} bytes for decompressed records are in use; nothing was written.")
{
    /// <summary>The limit in bytes.</summary>
    public long LimitBytes { get; } = limitBytes;
}
