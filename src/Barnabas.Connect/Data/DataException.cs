using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Data;

/// <summary>A value does not fit its schema, or bytes are not what a converter reads.</summary>
public sealed class DataException : ConnectException
{
    /// <summary>With what does not fit.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>With what does not fit, and what made it known.</summary>
    public DataException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
