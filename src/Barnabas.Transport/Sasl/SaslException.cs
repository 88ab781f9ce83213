namespace Barnabas.Transport.Sasl;

/// <summary>An authentication that failed.</summary>
/// <param name="message">Why, for the log of this side.</param>
/// <param name="peerMessage">What the peer may know; null for no more than that its credentials are not valid.</param>
public sealed class SaslException(string message, string? peerMessage = null) : Exception(message)
{
    /// <summary>What the peer may know.</summary>
    public string? PeerMessage { get; } = peerMessage;

    /// <summary>A failure whose reason the peer may know.</summary>
    public static SaslException Told(string message) => new(message, message);
}
