using Barnabas.Protocol;

namespace Barnabas.Client.Networking;

/// <summary>None of the nodes known could be asked; the inner exception says why the last one could not. Retriable.</summary>
public sealed class NoNodeAvailableException(Exception? inner) : KafkaException(ErrorCode.NetworkException, "No node known could be reached" + (inner is null ? "." : ": " + inner.Message), inner);
