using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Groups.Streams;

internal static partial class StreamsGroupLog
{
    [LoggerMessage(161, LogLevel.Information, "Streams group {GroupId}: member {MemberId} joins.")]
    public static partial void StreamsMemberJoins(this ILogger logger, string groupId, string memberId);

    [LoggerMessage(162, LogLevel.Information, "Streams group {GroupId}: member {MemberId} is removed because {Reason}.")]
    public static partial void StreamsMemberLeaves(this ILogger logger, string groupId, string memberId, string reason);

    [LoggerMessage(163, LogLevel.Information, "Streams group {GroupId}: the topology of epoch {TopologyEpoch} waits: {Detail}")]
    public static partial void TopologyNotReady(this ILogger logger, string groupId, int topologyEpoch, string detail);

    [LoggerMessage(164, LogLevel.Warning, "Streams group {GroupId}: member {MemberId} asks the whole application to end; all members are told.")]
    public static partial void ShutdownRequested(this ILogger logger, string groupId, string memberId);
}
