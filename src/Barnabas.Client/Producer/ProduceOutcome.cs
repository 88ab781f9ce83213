using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Producer;

/// <summary>What became of one request: a response, an error, or (acks=0) neither.</summary>
internal sealed record ProduceOutcome(NodeSender Node, List<ProducerBatch> Batches, ProduceResponse? Response, short Version, Exception? Error);
