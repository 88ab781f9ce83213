using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>What the group coordinator asks of others for share groups.</summary>
/// <param name="State">Where the state of their partitions is kept.</param>
/// <param name="LatestOffset">The offset the next record of a partition gets, as consumers see it, or why it cannot be said.</param>
public sealed record ShareGroupServices(IShareGroupState State, Func<TopicPartition, (ErrorCode Error, long Offset)> LatestOffset);
