// AlterUserScramCredentials, version 0 (KIP-554). Clients send salted passwords, from which the keys are made.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterUserScramCredentialsApi(IController controller)
    : ApiHandler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>(ApiKey.AlterUserScramCredentials, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<AlterUserScramCredentialsResponse?> HandleAsync(RequestContext context, AlterUserScramCredentialsRequest request) =>
        await controller.AlterUserScramCredentialsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override AlterUserScramCredentialsResponse ErrorResponse(RequestContext context, AlterUserScramCredentialsRequest request, KafkaException error) =>
        new()
        {
            Results = [.. request.Deletions.Select(d => d.Name).Concat(request.Upsertions.Select(u => u.Name)).Distinct()
                .Select(user => new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult { User = user, ErrorCode = error.ErrorCode, ErrorMessage = error.Message })],
        };
}
