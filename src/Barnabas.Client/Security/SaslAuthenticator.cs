using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Requests;
using Barnabas.Transport.Sasl;

namespace Barnabas.Client.Security;

/// <summary>Proves to nodes who this client is (KIP-43, KIP-152). A node may want that again after a while (KIP-368): the connection is replaced in time.</summary>
internal sealed class SaslAuthenticator(SaslClients clients, TimeProvider time) : IConnectionAuthenticator
{
    // Kafka renews a session after 85 to 95 % of its life.
    private const double RenewalShare = 0.85;
    private const int MaxSteps = 16;

    public async ValueTask<long?> AuthenticateAsync(RequestConnection connection, ApiVersionTable versions, Node node, CancellationToken cancellationToken)
    {
        var handshake = await connection.SendAsync(new SaslHandshakeRequest { Mechanism = clients.Mechanism }, versions.Choose(ApiKey.SaslHandshake, lowest: 1), cancellationToken);
        if (handshake.ErrorCode == ErrorCode.UnsupportedSaslMechanism)
            throw new KafkaException(handshake.ErrorCode, $"Client SASL mechanism '{clients.Mechanism}' not enabled in the server, enabled mechanisms are [{string.Join(", ", handshake.Mechanisms)}]");
        if (handshake.ErrorCode != ErrorCode.None)
            throw handshake.ErrorCode.ToException();
        var version = versions.Choose(ApiKey.SaslAuthenticate);
        using var client = clients.NewExchange(node.Host);
        try
        {
            return await ExchangeAsync(connection, client, version, cancellationToken);
        }
        catch (SaslException e)
        {
            throw new KafkaException(ErrorCode.SaslAuthenticationFailed, e.Message, e);
        }
    }

    private async ValueTask<long?> ExchangeAsync(RequestConnection connection, ISaslClient client, short version, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var token = await client.EvaluateAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
        for (var step = 0; token is not null; step++)
        {
            if (step == MaxSteps)
                throw new SaslException("The node does not come to an end with the authentication");
            var response = await connection.SendAsync(new SaslAuthenticateRequest { AuthBytes = token }, version, cancellationToken);
            if (response.ErrorCode != ErrorCode.None)
                throw response.ErrorCode.ToException(response.ErrorMessage);
            token = client.IsComplete ? null : await client.EvaluateAsync(response.AuthBytes.ToArray(), cancellationToken);
            if (token is null && response.SessionLifetimeMs > 0)
                return began + (long)(response.SessionLifetimeMs / 1000.0 * RenewalShare * time.TimestampFrequency);
        }
        return client.IsComplete ? null : throw new SaslException("The authentication ended before the node had proven itself");
    }
}
