namespace Barnabas.Storage.Producers;

/// <summary>Broker-wide settings of producer state.</summary>
/// <param name="ProducerIdExpirationMs"><c>producer.id.expiration.ms</c>: idle milliseconds after which a producer is forgotten.</param>
/// <param name="VerifiesTransactions">
/// <c>transaction.partition.verification.enable</c>: the first batch of a transaction is refused unless it comes with the
/// <see cref="VerificationGuard"/> of a verification that the transaction coordinator answered.
/// </param>
public sealed record ProducerStateOptions(long ProducerIdExpirationMs = 86_400_000, bool VerifiesTransactions = false);
