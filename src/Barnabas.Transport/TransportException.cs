namespace Barnabas.Transport;

/// <summary>A connection or listener that cannot be used (any more): refused, reset, closed or aborted, as the message says.</summary>
public sealed class TransportException : IOException
{
    /// <summary>Creates an exception with a reason for people.</summary>
    public TransportException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a reason for people and the system's own error.</summary>
    public TransportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
