using Barnabas.Broker.Cache;
using Barnabas.Broker.Node;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Transactions;

namespace Barnabas.Broker.Apis;

/// <summary>The APIs of transactions.</summary>
internal static class TransactionApis
{
    /// <summary>A handler for each.</summary>
    internal static IEnumerable<ApiHandler> Create(
        MetadataCache metadata, ProducerIdManager producerIds, GroupCoordinatorService groups, TransactionCoordinatorService transactions,
        TransactionMarkerAppender markers, TransactionVerifier verifier) =>
    [
        new InitProducerIdApi(producerIds, transactions),
        new AddPartitionsToTxnApi(metadata, transactions),
        new AddOffsetsToTxnApi(groups, transactions),
        new EndTxnApi(transactions),
        new WriteTxnMarkersApi(markers),
        new TxnOffsetCommitApi(metadata, groups, verifier),
        new DescribeTransactionsApi(transactions),
        new ListTransactionsApi(transactions),
    ];
}
