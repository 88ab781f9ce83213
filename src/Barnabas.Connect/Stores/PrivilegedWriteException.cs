using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Stores;

/// <summary>A write that is the leader's alone was refused: most likely another worker leads.</summary>
internal sealed class PrivilegedWriteException : ConnectException
{
    public PrivilegedWriteException(string message)
        : base(message)
    {
    }

    public PrivilegedWriteException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
