namespace Barnabas.Client.Producer;

/// <summary>Whom to tell of a record, and what.</summary>
internal readonly record struct PendingDelivery(IDeliveryHandler? Handler, object? State, long Timestamp, int KeyBytes, int ValueBytes);
