namespace Barnabas.Client.Consumer.Sharing;

/// <summary>One record as a member of a share group gets it.</summary>
/// <typeparam name="TKey">The type of its key.</typeparam>
/// <typeparam name="TValue">The type of its value.</typeparam>
/// <param name="Record">The record.</param>
/// <param name="DeliveryCount">How often it was delivered, with this time.</param>
public readonly record struct ShareConsumeResult<TKey, TValue>(ConsumeResult<TKey, TValue> Record, int DeliveryCount);
