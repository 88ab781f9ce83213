// GetTelemetrySubscriptions, version 0: which metrics a client is to push, and how often (KIP-714).
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class GetTelemetrySubscriptionsApi(ClientTelemetry telemetry)
    : ApiHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>(ApiKey.GetTelemetrySubscriptions)
{
    protected override ValueTask<GetTelemetrySubscriptionsResponse?> HandleAsync(RequestContext context, GetTelemetrySubscriptionsRequest request) =>
        new(telemetry.Describe(request.ClientInstanceId, TelemetryAttributes.Of(context)));

    protected override GetTelemetrySubscriptionsResponse ErrorResponse(RequestContext context, GetTelemetrySubscriptionsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
