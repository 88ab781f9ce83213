// PushTelemetry, version 0: a client's metrics, taken within limits and shown among the broker's own (KIP-714).
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class PushTelemetryApi(ClientTelemetry telemetry) : ApiHandler<PushTelemetryRequest, PushTelemetryResponse>(ApiKey.PushTelemetry)
{
    protected override ValueTask<PushTelemetryResponse?> HandleAsync(RequestContext context, PushTelemetryRequest request)
    {
        telemetry.Push(request, TelemetryAttributes.Of(context));
        return new(new PushTelemetryResponse());
    }

    protected override PushTelemetryResponse ErrorResponse(RequestContext context, PushTelemetryRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
