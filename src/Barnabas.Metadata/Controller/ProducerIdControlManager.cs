using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Gives brokers blocks of producer ids, none of them twice.</summary>
internal sealed class ProducerIdControlManager(ControllerState state, ClusterControlManager cluster)
{
    internal const int BlockSize = 1000;

    internal ControllerResult<AllocateProducerIdsResponse> Allocate(AllocateProducerIdsRequest request)
    {
        cluster.CheckBrokerEpoch(request.BrokerId, request.BrokerEpoch);
        var first = Math.Max(state.Image.NextProducerId, 0);
        if (first > long.MaxValue - BlockSize)
        {
            throw new KafkaException(
                ErrorCode.UnknownServerError, $"Exhausted all producerIds as the next block's end producerId has exceeded the int64 type limit");
        }
        var records = new RecordList();
        records.Add(new ProducerIdsRecord
        {
            BrokerId = request.BrokerId,
            BrokerEpoch = request.BrokerEpoch,
            NextProducerId = first + BlockSize,
        });
        return ControllerResult.Of(
            records.Records,
            new AllocateProducerIdsResponse { ProducerIdStart = first, ProducerIdLen = BlockSize });
    }
}
