namespace Barnabas.Storage;

/// <summary>
/// Stands for one verification of one producer's transaction with its coordinator (KIP-890). The log hands it out before the
/// coordinator is asked and takes it back with the batch: a marker written in between makes it void. Compared by identity.
/// </summary>
public sealed class VerificationGuard;

/// <summary>What an append knows of the transaction its batch belongs to.</summary>
/// <param name="Guard">From <see cref="UnifiedLog.MaybeStartTransactionVerification"/>, or null when the transaction has records here already.</param>
/// <param name="TransactionVersion">The transaction version of a marker's coordinator. From 2 on every transaction has an epoch of its own.</param>
public readonly record struct TransactionAppend(VerificationGuard? Guard, short TransactionVersion = 0);
