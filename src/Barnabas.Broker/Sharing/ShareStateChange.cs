using Barnabas.Coordination.Sharing;

namespace Barnabas.Broker.Sharing;

/// <summary>A change of a share partition's state that is to be written.</summary>
/// <param name="Id">Its number, by which it is committed or rolled back; 0 where it stands whether it is written or not.</param>
/// <param name="StartOffset">The start offset before the change.</param>
/// <param name="DeliveryCompleteCount">How many records from the start offset on are done with after the change.</param>
/// <param name="Batches">The records changed.</param>
internal sealed record ShareStateChange(int Id, long StartOffset, int DeliveryCompleteCount, IReadOnlyList<ShareStateBatch> Batches);
