using System.Collections.Immutable;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <content>Members of the classic protocol in a KIP-848 group, while its consumers move from the one to the other.</content>
internal sealed partial class ConsumerGroupProtocol
{
    /// <summary>The first version of JoinGroup whose new dynamic members get an id to come back with (KIP-394).</summary>
    private const short KnownMemberIdVersion = 4;

    /// <summary>JoinGroup by a member of the classic protocol: it is reconciled like the others, a rejoin at a time.</summary>
    public CoordinatorResult Join(ConsumerGroup group, GroupRequestContext request, JoinGroupRequest join, ParkedReply<JoinGroupResponse> reply)
    {
        try
        {
            return JoinClassicMember(group, request, join, reply);
        }
        catch (KafkaException e)
        {
            reply.TryComplete(new JoinGroupResponse { ErrorCode = e.ErrorCode });
            return CoordinatorResult.Empty;
        }
    }

    /// <summary>SyncGroup: the assignment is the one the member has by now.</summary>
    public CoordinatorResult Sync(ConsumerGroup group, SyncGroupRequest request, ParkedReply<SyncGroupResponse> reply)
    {
        try
        {
            return SyncClassicMember(group, request, reply);
        }
        catch (KafkaException e)
        {
            reply.TryComplete(new SyncGroupResponse { ErrorCode = e.ErrorCode });
            return CoordinatorResult.Empty;
        }
    }

    /// <summary>Heartbeat: tells a member to rejoin when there is something for it to give up or to get.</summary>
    /// <exception cref="KafkaException">The member is none.</exception>
    public HeartbeatResponse Heartbeat(ConsumerGroup group, HeartbeatRequest request)
    {
        var member = ClassicMember(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        ScheduleSession(group.GroupId, member);
        if (member.MemberEpoch >= group.TargetEpoch && member.State != MemberState.UnrevokedPartitions
            && (member.State != MemberState.UnreleasedPartitions || group.WaitsForOthers(member)))
            return new HeartbeatResponse();

        ScheduleJoin(group.GroupId, member);
        return new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress };
    }

    private CoordinatorResult JoinClassicMember(ConsumerGroup group, GroupRequestContext request, JoinGroupRequest join, ParkedReply<JoinGroupResponse> reply)
    {
        var memberId = join.MemberId.Length > 0 ? join.MemberId : Uuid.Random(context.Random).ToString();
        CheckJoin(group, join, memberId);
        if (join.MemberId.Length == 0 && join.GroupInstanceId is null && request.ApiVersion >= KnownMemberIdVersion)
        {
            reply.TryComplete(new JoinGroupResponse { MemberId = memberId, ErrorCode = ErrorCode.MemberIdRequired });
            return CoordinatorResult.Empty;
        }

        var seen = topics();
        var change = NewChange(group);
        var replaced = join.GroupInstanceId is { } instanceId ? group.FindStatic(instanceId) : null;
        var known = FindClassicMember(group, join, memberId, replaced, change);
        var subscription = Subscription(join);
        var member = known with
        {
            InstanceId = join.GroupInstanceId ?? known.InstanceId,
            RackId = subscription.RackId ?? known.RackId,
            RebalanceTimeoutMs = request.ApiVersion == 0 ? join.SessionTimeoutMs : join.RebalanceTimeoutMs,
            SubscribedTopicNames = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
            ClassicMemberMetadata = ClassicMembers.MetadataOf(join),
        };
        if (known.IsNew || !SameMetadata(known, member))
            change.PutMember(member);

        RaiseEpoch(group, change, seen, SubscriptionRaisesEpoch(group, known, member));
        var owned = ClassicMembers.ToAssignment(subscription.OwnedPartitions.Select(topic => (topic.Topic, topic.Partitions)), seen);
        // A classic member in the place of the last one of KIP-848 takes over its target, where that is up to date.
        if (replaced is not null && replaced.MemberId != memberId && CanDowngrade(group, [replaced.MemberId], replacing: true))
        {
            var isStale = change.GroupEpoch > group.TargetEpoch;
            var joining = isStale ? member : Reconcile(group, change, member, owned);
            var reason = isStale ? "the assignment it had by KIP-848 is out of date" : null;
            return Answered(Downgrade(group, [replaced.MemberId], reason, joining), group.GroupId, joining, reply, staysConsumer: false);
        }

        AssignWhenDue(group, change);
        var next = Reconcile(group, change, member, owned);
        if (!ReferenceEquals(next, member))
            change.PutCurrent(next);

        ScheduleRevocation(group.GroupId, next);
        return Answered(new CoordinatorResult(change.Records), group.GroupId, next, reply, staysConsumer: true);
    }

    private CoordinatorResult SyncClassicMember(ConsumerGroup group, SyncGroupRequest request, ParkedReply<SyncGroupResponse> reply)
    {
        var member = ClassicMember(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        var protocol = member.ClassicMemberMetadata!.SupportedProtocols[0];
        if ((request.ProtocolType is { } type && type != Classic.ClassicGroup.ConsumerProtocolType) || (request.ProtocolName is { } name && name != protocol.Name))
            throw new KafkaException(ErrorCode.InconsistentGroupProtocol);
        // A member that gives up partitions has rejoined already.
        if (group.TargetEpoch > member.MemberEpoch && member.State != MemberState.UnrevokedPartitions)
        {
            ScheduleJoin(group.GroupId, member);
            throw new KafkaException(ErrorCode.RebalanceInProgress);
        }

        var response = new SyncGroupResponse
        {
            ProtocolType = request.ProtocolType,
            ProtocolName = request.ProtocolName,
            Assignment = ClassicMembers.Write(member.AssignedPartitions, topics(), protocol.Metadata),
        };
        return new CoordinatorResult([])
        {
            OnCommitted = failure =>
            {
                if (failure is not null)
                {
                    reply.TryComplete(new SyncGroupResponse { ErrorCode = CoordinatorErrors.ToClientError(failure) });
                    return;
                }

                context.Timer.Cancel(SyncKey(group.GroupId, member.MemberId));
                ScheduleSession(group.GroupId, member);
                reply.TryComplete(response);
            },
        };
    }

    private void CheckJoin(ConsumerGroup group, JoinGroupRequest join, string memberId)
    {
        if (config.MigrationPolicy == ConsumerGroupMigrationPolicy.Disabled)
        {
            throw new KafkaException(ErrorCode.InconsistentGroupProtocol,
                $"Cannot join the consumer group {group.GroupId} with the classic protocol because the group migration is disabled.");
        }

        if (group.Members.Count >= config.MaxSize && !group.Members.ContainsKey(memberId))
            throw new KafkaException(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {config.MaxSize} members.");
        if (!group.SupportsClassicProtocols(join.ProtocolType, [.. join.Protocols.Select(protocol => protocol.Name)]))
            throw new KafkaException(ErrorCode.InconsistentGroupProtocol, $"Member {memberId}'s protocols are not supported.");
    }

    private ConsumerGroupMember FindClassicMember(
        ConsumerGroup group, JoinGroupRequest join, string memberId, ConsumerGroupMember? existing, ConsumerGroupChange change)
    {
        if (join.GroupInstanceId is not { } instanceId)
            return group.Members.GetValueOrDefault(memberId) ?? new ConsumerGroupMember(memberId);
        if (join.MemberId.Length > 0)
            return CheckStatic(group, existing, memberId, instanceId);
        return existing is null ? new ConsumerGroupMember(memberId) : ReplaceStatic(group, existing, memberId, group.TargetEpoch, change);
    }

    private static ConsumerProtocolSubscription Subscription(JoinGroupRequest join)
    {
        try
        {
            return ClassicMembers.ReadSubscription(join.Protocols[0].Metadata);
        }
        catch (MalformedMessageException e)
        {
            throw new KafkaException(ErrorCode.InconsistentGroupProtocol, "Malformed embedded consumer protocol in subscription deserialization.", e);
        }
    }

    /// <summary>The member of the classic protocol that asks.</summary>
    /// <exception cref="KafkaException">UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID or ILLEGAL_GENERATION.</exception>
    private static ConsumerGroupMember ClassicMember(ConsumerGroup group, string memberId, string? instanceId, int generationId)
    {
        var member = instanceId is not null
            ? CheckStatic(group, group.FindStatic(instanceId), memberId, instanceId)
            : group.Members.GetValueOrDefault(memberId);
        if (member is not { UsesClassicProtocol: true })
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {memberId} does not use the classic protocol.");
        return generationId == member.MemberEpoch
            ? member
            : throw new KafkaException(ErrorCode.IllegalGeneration, $"The request generation id {generationId} is not equal to the member epoch {member.MemberEpoch} of member {memberId}.");
    }

    private CoordinatorResult Answered(CoordinatorResult result, string groupId, ConsumerGroupMember member, ParkedReply<JoinGroupResponse> reply, bool staysConsumer) => new(result.Records)
    {
        ReplayRecords = result.ReplayRecords,
        OnCommitted = failure =>
        {
            if (failure is not null)
            {
                reply.TryComplete(new JoinGroupResponse { ErrorCode = CoordinatorErrors.ToClientError(failure) });
                return;
            }

            context.Timer.Cancel(JoinKey(groupId, member.MemberId));
            if (staysConsumer)
            {
                ScheduleSession(groupId, member);
                context.Timer.Schedule(SyncKey(groupId, member.MemberId), member.RebalanceTimeoutMs, () => Fence(groupId, member.MemberId, "it did not sync in time"));
            }

            reply.TryComplete(new JoinGroupResponse
            {
                MemberId = member.MemberId,
                GenerationId = member.MemberEpoch,
                ProtocolType = Classic.ClassicGroup.ConsumerProtocolType,
                ProtocolName = member.ClassicMemberMetadata!.SupportedProtocols[0].Name,
            });
        },
    };

    private void ScheduleJoin(string groupId, ConsumerGroupMember member)
    {
        var key = JoinKey(groupId, member.MemberId);
        if (!context.Timer.IsScheduled(key))
            context.Timer.Schedule(key, member.RebalanceTimeoutMs, () => Fence(groupId, member.MemberId, "it did not rejoin in time"));
    }

    private static string JoinKey(string groupId, string memberId) => $"consumer-join/{groupId}/{memberId}";

    private static string SyncKey(string groupId, string memberId) => $"consumer-sync/{groupId}/{memberId}";
}
