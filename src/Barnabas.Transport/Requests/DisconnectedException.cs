using Barnabas.Protocol;

namespace Barnabas.Transport.Requests;

/// <summary>
/// The connection ended before the response came: the peer may or may not have acted on the request.
/// Retriable, as Kafka's DisconnectException.
/// </summary>
public sealed class DisconnectedException(string message, Exception? inner = null)
    : KafkaException(ErrorCode.NetworkException, message, inner);
