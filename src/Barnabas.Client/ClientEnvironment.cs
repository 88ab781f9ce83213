using Barnabas.Client.Networking;
using Barnabas.Transport;
using Barnabas.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client;

/// <summary>
/// Everything a client takes from the world around it. Tests pass a memory transport, a clock of their own and a
/// seeded random source; programs take <see cref="ForProgram"/>.
/// </summary>
public sealed record ClientEnvironment
{
    /// <summary>How nodes are reached.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The clock of all time-outs, back-offs and intervals.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The source of jitter and of random choices; used under a lock.</summary>
    public required Random Random { get; init; }

    /// <summary>Where the client tells what it does.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>Turns a fresh connection into a secure one (TLS); null for plaintext.</summary>
    public IConnectionSecurity? Security { get; init; }

    /// <summary>Proves to the node who we are (SASL), once the API versions are known; null for anonymous.</summary>
    public IConnectionAuthenticator? Authenticator { get; init; }

    /// <summary>The operating system's sockets and clock, and a random source with an unpredictable seed.</summary>
    public static ClientEnvironment ForProgram(ILoggerFactory? loggerFactory = null) => new()
    {
        Transport = new SocketTransport(),
        Time = TimeProvider.System,
        // Hash codes are seeded anew in each process. A cryptographic source would load OpenSSL, for jitter.
        Random = new Random(HashCode.Combine(TimeProvider.System.GetTimestamp())),
        LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
    };
}
