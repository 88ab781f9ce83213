// DescribeTransactions, version 0 (KIP-664).
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeTransactionsApi(TransactionCoordinatorService transactions)
    : ApiHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>(ApiKey.DescribeTransactions)
{
    protected override async ValueTask<DescribeTransactionsResponse?> HandleAsync(RequestContext context, DescribeTransactionsRequest request)
    {
        var allowed = request.TransactionalIds.FindAll(id => context.IsAuthorized(AclOperation.Describe, ResourceType.TransactionalId, id));
        var response = await transactions.DescribeAsync(allowed);
        // A transaction may reach into topics that the client is not to know of.
        foreach (var transaction in response.TransactionStates)
            transaction.Topics.RemoveAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Topic));
        foreach (var id in request.TransactionalIds.Except(allowed))
            response.TransactionStates.Add(new() { TransactionalId = id, ErrorCode = ErrorCode.TransactionalIdAuthorizationFailed });
        return response;
    }

    protected override DescribeTransactionsResponse ErrorResponse(RequestContext context, DescribeTransactionsRequest request, KafkaException error)
    {
        var response = new DescribeTransactionsResponse();
        foreach (var transactionalId in request.TransactionalIds)
            response.TransactionStates.Add(new() { TransactionalId = transactionalId, ErrorCode = error.ErrorCode });
        return response;
    }
}
