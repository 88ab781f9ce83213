namespace Barnabas.Transport.Http;

/// <summary>A request that is not read to its end: what has come is no HTTP, or more than is taken. The connection is closed after the answer.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong.</param>
public sealed class HttpException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
