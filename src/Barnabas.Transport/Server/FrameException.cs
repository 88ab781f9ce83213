namespace Barnabas.Transport.Server;

/// <summary>Bytes that are no request of this protocol. The connection they came on is closed with the message as its reason; others are not affected.</summary>
public sealed class FrameException : Exception
{
    /// <summary>Creates an exception with the reason to log.</summary>
    public FrameException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with the reason to log and its cause.</summary>
    public FrameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
