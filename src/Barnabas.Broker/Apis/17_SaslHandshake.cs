// SaslHandshake, versions 0-1. The exchange itself is SaslFrameHandler's: a handshake that comes here has no place, on a listener without SASL.
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class SaslHandshakeApi() : ApiHandler<SaslHandshakeRequest, SaslHandshakeResponse>(ApiKey.SaslHandshake, ListenerKind.Any)
{
    protected override ValueTask<SaslHandshakeResponse?> HandleAsync(RequestContext context, SaslHandshakeRequest request) =>
        new(new SaslHandshakeResponse { ErrorCode = ErrorCode.IllegalSaslState });

    protected override SaslHandshakeResponse ErrorResponse(RequestContext context, SaslHandshakeRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
