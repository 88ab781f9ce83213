// ListTransactions, versions 0-2: filtered by state, producer, duration (KIP-994) and pattern of the id (KIP-1152).
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ListTransactionsApi(TransactionCoordinatorService transactions)
    : ApiHandler<ListTransactionsRequest, ListTransactionsResponse>(ApiKey.ListTransactions)
{
    protected override async ValueTask<ListTransactionsResponse?> HandleAsync(RequestContext context, ListTransactionsRequest request)
    {
        var response = await transactions.ListAsync(request);
        response.TransactionStates.RemoveAll(t => !context.IsAuthorized(AclOperation.Describe, ResourceType.TransactionalId, t.TransactionalId));
        return response;
    }

    protected override ListTransactionsResponse ErrorResponse(RequestContext context, ListTransactionsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
