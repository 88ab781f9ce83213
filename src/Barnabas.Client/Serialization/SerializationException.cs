using Barnabas.Protocol;

namespace Barnabas.Client.Serialization;

/// <summary>Data that cannot be put into bytes, or bytes that are no such data. Trying again does not help.</summary>
public sealed class SerializationException(string message, Exception? inner = null)
    : KafkaException(ErrorCode.UnknownServerError, message, inner);
