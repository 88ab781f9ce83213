using Barnabas.Storage;

namespace Barnabas.Coordination.Runtime;

/// <summary>The producer on whose transaction a coordinator's records depend.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
/// <param name="Guard">What the log gave for the transaction's verification, or null when it asked for none.</param>
public readonly record struct TransactionalProducer(long ProducerId, short ProducerEpoch, VerificationGuard? Guard);

/// <summary>How a producer's transaction ended, for one partition of a coordinator's topic.</summary>
/// <param name="ProducerId">The producer.</param>
/// <param name="ProducerEpoch">The epoch of the marker.</param>
/// <param name="CoordinatorEpoch">The epoch of the transaction coordinator.</param>
/// <param name="IsCommit">Whether the transaction's records count.</param>
/// <param name="TransactionVersion">The transaction version the coordinator ended it under.</param>
public readonly record struct TransactionEnd(long ProducerId, short ProducerEpoch, int CoordinatorEpoch, bool IsCommit, short TransactionVersion);
