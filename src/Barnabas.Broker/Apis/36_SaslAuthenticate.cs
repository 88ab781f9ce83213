// SaslAuthenticate, versions 0-2. The exchange itself is SaslFrameHandler's: a token that comes here has no place.
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class SaslAuthenticateApi() : ApiHandler<SaslAuthenticateRequest, SaslAuthenticateResponse>(ApiKey.SaslAuthenticate, ListenerKind.Any)
{
    protected override ValueTask<SaslAuthenticateResponse?> HandleAsync(RequestContext context, SaslAuthenticateRequest request) =>
        new(new SaslAuthenticateResponse { ErrorCode = ErrorCode.IllegalSaslState, ErrorMessage = "SaslAuthenticate request received after successful authentication" });

    protected override SaslAuthenticateResponse ErrorResponse(RequestContext context, SaslAuthenticateRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
