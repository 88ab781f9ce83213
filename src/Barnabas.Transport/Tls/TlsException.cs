namespace Barnabas.Transport.Tls;

/// <summary>Keys, certificates or settings that TLS cannot work with; the message says which and what to do.</summary>
public sealed class TlsException : Exception
{
    /// <summary>Creates an exception.</summary>
    public TlsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with its cause.</summary>
    public TlsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
