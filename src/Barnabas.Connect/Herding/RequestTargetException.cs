using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Herding;

/// <summary>Another worker has to answer the request.</summary>
/// <param name="message">Why.</param>
/// <param name="url">That worker's REST API; null where it is not known.</param>
internal sealed class RequestTargetException(string message, string? url) : ConnectException(message)
{
    public string? Url { get; } = url;
}
