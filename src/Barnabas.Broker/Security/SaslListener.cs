using Barnabas.Transport.Sasl;

namespace Barnabas.Broker.Security;

/// <summary>What a SASL listener accepts. Immutable.</summary>
internal sealed record SaslListener
{
    /// <summary>sasl.enabled.mechanisms, in their order, with what makes the server's side of an exchange.</summary>
    public required IReadOnlyList<SaslServerFactory> Mechanisms { get; init; }

    /// <summary>sasl.server.max.receive.size: the largest frame of a client that has not authenticated, in bytes.</summary>
    public required int MaxReceiveBytes { get; init; }

    /// <summary>socket.request.max.bytes: the largest frame of one that has.</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>connection.failed.authentication.delay.ms: how long a failure waits for its answer.</summary>
    public required TimeSpan FailureDelay { get; init; }

    public SaslServerFactory? Find(string mechanism) => Mechanisms.FirstOrDefault(m => m.Mechanism == mechanism);
}

/// <summary>One mechanism of a listener.</summary>
/// <param name="Mechanism">Its name.</param>
/// <param name="MaxReauth">connections.max.reauth.ms: how long a session lasts at most; null without a limit.</param>
/// <param name="Create">Makes the server's side of an exchange.</param>
/// <param name="NameOf">The user name of what the client has proven to be.</param>
internal sealed record SaslServerFactory(string Mechanism, TimeSpan? MaxReauth, Func<ISaslServer> Create, Func<string, string> NameOf);
