namespace Barnabas.Protocol.Records;

/// <summary>A message set of magic 0 or 1, which Kafka 4 no longer takes (KIP-724).</summary>
public sealed class UnsupportedForMessageFormatException(string message) : KafkaException(ErrorCode.UnsupportedForMessageFormat, message);
