namespace Barnabas.Storage.Producers;

/// <summary>Broker-wide settings of producer state.</summary>
/// <param name="ProducerIdExpirationMs"><c>producer.id.expiration.ms</c>: idle milliseconds after which a producer is forgotten.</param>
public sealed record ProducerStateOptions(long ProducerIdExpirationMs = 86_400_000);
