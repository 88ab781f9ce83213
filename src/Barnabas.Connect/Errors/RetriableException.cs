namespace Barnabas.Connect.Errors;

/// <summary>What failed may work when it is done again: the worker calls the task once more with the same records.</summary>
public sealed class RetriableException : ConnectException
{
    /// <summary>With what went wrong.</summary>
    public RetriableException(string message)
        : base(message)
    {
    }

    /// <summary>With what went wrong, and its cause.</summary>
    public RetriableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
