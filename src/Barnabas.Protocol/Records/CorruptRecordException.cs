namespace Barnabas.Protocol.Records;

/// <summary>Bytes that are no record batch: a wrong size, an unknown magic, a checksum that does not match.</summary>
public sealed class CorruptRecordException(string message) : KafkaException(ErrorCode.CorruptMessage, message);
