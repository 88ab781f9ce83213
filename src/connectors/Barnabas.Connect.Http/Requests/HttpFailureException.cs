namespace Barnabas.Connect.Http.Requests;

/// <summary>A request that did not succeed.</summary>
/// <param name="message">Why.</param>
/// <param name="isRetriable">Whether the same request may succeed later.</param>
/// <param name="retryAfter">How long the server asked to wait; null where it did not.</param>
/// <param name="cause">What made it known; null for an answer.</param>
internal sealed class HttpFailureException(string message, bool isRetriable, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(message, cause)
{
    public bool IsRetriable { get; } = isRetriable;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
