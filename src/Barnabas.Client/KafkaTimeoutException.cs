using Barnabas.Protocol;

namespace Barnabas.Client;

/// <summary>An operation did not finish in its time; the inner exception is the last error that made it try again, if any. Kafka's TimeoutException.</summary>
public sealed class KafkaTimeoutException(string message, Exception? inner = null) : KafkaException(ErrorCode.RequestTimedOut, message, inner);
