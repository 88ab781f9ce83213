namespace Barnabas.Connect.Errors;

/// <summary>A connector, a converter or the worker cannot go on; ends the task it comes from unless errors are tolerated.</summary>
public class ConnectException : Exception
{
    /// <summary>With what went wrong.</summary>
    public ConnectException(string message)
        : base(message)
    {
    }

    /// <summary>With what went wrong, and its cause.</summary>
    public ConnectException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
