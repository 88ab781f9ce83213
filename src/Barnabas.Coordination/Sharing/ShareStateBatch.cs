namespace Barnabas.Coordination.Sharing;

/// <summary>Offsets of a share partition that stand alike.</summary>
/// <param name="FirstOffset">The first offset.</param>
/// <param name="LastOffset">The last offset.</param>
/// <param name="DeliveryState">0 available, 2 acknowledged, 4 archived; 1, acquired, is never written.</param>
/// <param name="DeliveryCount">How often the records were delivered.</param>
public readonly record struct ShareStateBatch(long FirstOffset, long LastOffset, sbyte DeliveryState, short DeliveryCount)
{
    /// <summary>Which of two says more of an offset: more deliveries, then the later state.</summary>
    internal int Weight => (DeliveryCount * 256) + DeliveryState;
}
