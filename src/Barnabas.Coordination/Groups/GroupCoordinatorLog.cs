using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Groups;

internal static partial class GroupCoordinatorLog
{
    [LoggerMessage(101, LogLevel.Information, "Group {GroupId}: request of member {MemberId} as static member {GroupInstanceId} is fenced during {Operation}; member {ExistingMemberId} has its place.")]
    public static partial void StaticMemberFenced(this ILogger logger, string groupId, string memberId, string groupInstanceId, string existingMemberId, string operation);

    [LoggerMessage(102, LogLevel.Information, "Group {GroupId}: leader {LeaderId} did not rejoin before the rebalance time-out. Member {MemberId} leads now.")]
    public static partial void LeaderReplaced(this ILogger logger, string groupId, string leaderId, string memberId);

    [LoggerMessage(103, LogLevel.Warning, "Group {GroupId}: the subscriptions under protocol {ProtocolName} cannot be read. Its offsets are kept as if it read every topic.")]
    public static partial void SubscriptionUnreadable(this ILogger logger, Exception exception, string groupId, string protocolName);

    [LoggerMessage(104, LogLevel.Information, "Group {GroupId}: preparing to rebalance from generation {GenerationId} ({Reason}).")]
    public static partial void PreparingRebalance(this ILogger logger, string groupId, int generationId, string reason);

    [LoggerMessage(105, LogLevel.Information, "Group {GroupId}: generation {GenerationId} begins with {MemberCount} members; the leader's assignment is awaited.")]
    public static partial void Stabilized(this ILogger logger, string groupId, int generationId, int memberCount);

    [LoggerMessage(106, LogLevel.Information, "Group {GroupId}: generation {GenerationId} is empty. Its offsets expire as configured.")]
    public static partial void BecameEmpty(this ILogger logger, string groupId, int generationId);

    [LoggerMessage(107, LogLevel.Warning, "Group {GroupId}: no member rejoined. The rebalance waits until a member does or the sessions expire.")]
    public static partial void NobodyRejoined(this ILogger logger, string groupId);

    [LoggerMessage(108, LogLevel.Information, "Group {GroupId}: members who did not rejoin in time are removed: {MemberIds}.")]
    public static partial void MembersDidNotRejoin(this ILogger logger, string groupId, string memberIds);

    [LoggerMessage(109, LogLevel.Information, "Group {GroupId}: members who did not sync in time are removed: {MemberIds}.")]
    public static partial void MembersDidNotSync(this ILogger logger, string groupId, string memberIds);

    [LoggerMessage(110, LogLevel.Information, "Group {GroupId}: member {MemberId} sent no heartbeat in time. It is removed.")]
    public static partial void SessionExpired(this ILogger logger, string groupId, string memberId);

    [LoggerMessage(111, LogLevel.Information, "Group {GroupId}: pending member {MemberId} did not join in time. Its id is forgotten.")]
    public static partial void PendingMemberExpired(this ILogger logger, string groupId, string memberId);

    [LoggerMessage(112, LogLevel.Information, "Group {GroupId}: new member in state {State} gets the id {MemberId} and is asked to join with it.")]
    public static partial void MemberIdRequired(this ILogger logger, string groupId, string state, string memberId);

    [LoggerMessage(113, LogLevel.Information, "Group {GroupId}: member {MemberId} joins in state {State}.")]
    public static partial void MemberJoins(this ILogger logger, string groupId, string memberId, string state);

    [LoggerMessage(114, LogLevel.Information, "Group {GroupId}: static member {GroupInstanceId} is back; member {MemberId} takes the place of {OldMemberId}.")]
    public static partial void StaticMemberReplaced(this ILogger logger, string groupId, string groupInstanceId, string memberId, string oldMemberId);

    [LoggerMessage(115, LogLevel.Warning, "Group {GroupId}: the new member id {MemberId} of static member {GroupInstanceId} could not be stored ({Error}). Member {OldMemberId} keeps its place.")]
    public static partial void StaticMemberNotStored(this ILogger logger, string groupId, string memberId, string groupInstanceId, string error, string oldMemberId);

    [LoggerMessage(116, LogLevel.Information, "Group {GroupId}: assignment received from leader {MemberId} for generation {GenerationId} with {MemberCount} members, {StaticCount} of them static.")]
    public static partial void AssignmentReceived(this ILogger logger, string groupId, string memberId, int generationId, int memberCount, int staticCount);

    [LoggerMessage(117, LogLevel.Warning, "Group {GroupId}: the assignment of generation {GenerationId} could not be stored ({Error}). The members rejoin.")]
    public static partial void AssignmentNotStored(this ILogger logger, string groupId, int generationId, string error);

    [LoggerMessage(118, LogLevel.Warning, "Group {GroupId}: its new state could not be stored ({Error}). The state in memory stands; a restart would find the previous one.")]
    public static partial void GroupNotStored(this ILogger logger, string groupId, string error);

    [LoggerMessage(119, LogLevel.Information, "Group {GroupId}: member {MemberId} left ({Reason}).")]
    public static partial void MemberLeft(this ILogger logger, string groupId, string memberId, string reason);

    [LoggerMessage(120, LogLevel.Information, "Group {GroupId} was loaded in state {State} with {MemberCount} members.")]
    public static partial void GroupLoaded(this ILogger logger, string groupId, string state, int memberCount);

    [LoggerMessage(121, LogLevel.Information, "Groups deleted: {GroupIds}, with {OffsetCount} offsets.")]
    public static partial void GroupsDeleted(this ILogger logger, string groupIds, int offsetCount);

    [LoggerMessage(122, LogLevel.Information, "Clean-up of {TopicPartition}: {RecordCount} tombstones for expired offsets and groups.")]
    public static partial void CleanedUp(this ILogger logger, string topicPartition, int recordCount);

    [LoggerMessage(123, LogLevel.Information, "Offsets of deleted topics {Topics}: {RecordCount} tombstones.")]
    public static partial void OffsetsOfDeletedTopics(this ILogger logger, string topics, int recordCount);

    [LoggerMessage(124, LogLevel.Information, "Group {GroupId}: the empty {Type} group becomes a classic group.")]
    public static partial void ConvertedToClassic(this ILogger logger, string groupId, string type);

    [LoggerMessage(125, LogLevel.Information, "Group {GroupId}: made by a commit of offsets without members.")]
    public static partial void SimpleGroupCreated(this ILogger logger, string groupId);

    [LoggerMessage(126, LogLevel.Error, "Deleting the offsets of deleted topics {Topics} failed. They stay until they expire.")]
    public static partial void OffsetsOfDeletedTopicsKept(this ILogger logger, Exception exception, string topics);
}
