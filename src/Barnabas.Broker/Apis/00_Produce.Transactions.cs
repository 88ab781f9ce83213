using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Transactions;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Storage;

namespace Barnabas.Broker.Apis;

// What a request with a transactional id needs besides: its transaction is verified with the coordinator first. Requests of one
// connection take turns, so that a batch whose partition is being added is not overtaken by the next.
internal sealed partial class ProduceApi
{
    private readonly TransactionalTurns _turns = new();

    private async ValueTask<ProduceResponse?> HandleTransactionalAsync(RequestContext context, ProduceRequest request, string transactionalId)
    {
        ValueTask<ProduceResponse?> appended;
        using (var turn = _turns.Enter(context.Connection))
        {
            await turn.Previous;
            var verified = new Dictionary<TopicPartition, VerificationResult>();
            var targets = Targets(context, request, out var producer);
            if (targets.Count > 0)
            {
                await verifier.VerifyAsync(
                    targets, transactionalId, producer, TransactionVerifier.OfProduce(context.ApiVersion), verified, context.Cancellation);
            }

            appended = AppendAsync(context, request, verified);
        }

        return await appended;
    }

    /// <summary>The partitions whose batches belong to a transaction, and their producer.</summary>
    /// <exception cref="KafkaException">INVALID_PRODUCER_ID_MAPPING: there are two producers.</exception>
    private List<VerificationTarget> Targets(RequestContext context, ProduceRequest request, out ProducerIdAndEpoch producer)
    {
        var image = metadata.Image;
        var targets = new List<VerificationTarget>();
        producer = new ProducerIdAndEpoch(RecordBatchLayout.NoProducerId, RecordBatchLayout.NoProducerEpoch);
        foreach (var topic in request.TopicData)
        {
            if (MetadataCache.ResolveName(image, topic.Name, topic.TopicId) is not { } name || !context.IsAuthorized(AclOperation.Write, ResourceType.Topic, name))
                continue;
            foreach (var data in topic.PartitionData)
            {
                if (data.Records is not { Length: >= RecordBatchLayout.HeaderBytes } records || RecordBatches.ReadMagic(records.Span) != RecordBatchLayout.CurrentMagic)
                    continue;
                var batch = new RecordBatch(records);
                if (!batch.IsTransactional)
                    continue;
                var found = new ProducerIdAndEpoch(batch.ProducerId, batch.ProducerEpoch);
                if (targets.Count > 0 && found.Id != producer.Id)
                    throw new KafkaException(ErrorCode.InvalidProducerIdMapping, "Transactional records contained more than one producer ID");
                producer = found;
                targets.Add(new VerificationTarget(new TopicPartition(name, data.Index), batch.BaseSequence));
            }
        }

        return targets;
    }

    private static TransactionAppend TransactionOf(
        Dictionary<TopicPartition, VerificationResult> verified, TopicPartition partition, ProduceResponse.PartitionProduceResponse result, short version)
    {
        if (result.ErrorCode != ErrorCode.None || !verified.TryGetValue(partition, out var verification))
            return default;
        if (verification.Error == ErrorCode.None)
            return new TransactionAppend(verification.Guard);
        (result.ErrorCode, result.ErrorMessage) = ToClient(verification.Error, TransactionVerifier.OfProduce(version));
        return default;
    }

    /// <summary>Producers repeat few errors of coordinators; NOT_ENOUGH_REPLICAS they all repeat.</summary>
    private static (ErrorCode Error, string? Message) ToClient(ErrorCode error, TransactionSupport support) => error switch
    {
        ErrorCode.InvalidTxnState => (error, "Partition was not added to the transaction"),
        ErrorCode.ConcurrentTransactions when support == TransactionSupport.AddPartition => (error, null),
        ErrorCode.ConcurrentTransactions or ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress
            or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator => (
                ErrorCode.NotEnoughReplicas, $"Unable to verify the partition has been added to the transaction. Underlying error: {ErrorCodes.Name(error)}"),
        _ => (error, null),
    };
}
