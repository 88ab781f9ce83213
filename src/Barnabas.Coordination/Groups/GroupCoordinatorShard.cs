using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Groups.Streams;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

/// <summary>
/// The group coordinator's state machine for one partition of <c>__consumer_offsets</c>: its groups and their offsets.
/// Called by the runtime from one thread at a time; decides without I/O. Throws <see cref="KafkaException"/> where a
/// request fails as a whole.
/// </summary>
public sealed partial class GroupCoordinatorShard : ICoordinatorShard
{
    private const string CleanUpKey = "expire-group-metadata";

    private readonly CoordinatorShardContext _context;
    private readonly GroupCoordinatorConfig _config;
    private readonly GroupRegistry _groups;
    private readonly ClassicGroupProtocol _classic;
    private readonly ConsumerGroupProtocol _consumer;
    private readonly ShareGroupProtocol _share;
    private readonly StreamsGroupProtocol _streams;
    private readonly Func<IGroupTopics> _topics;
    private readonly OffsetManager _offsets;

    /// <summary>A shard without groups.</summary>
    /// <param name="context">What it may use of the world.</param>
    /// <param name="config">The broker's configuration.</param>
    /// <param name="topics">The cluster's topics at the moment of asking.</param>
    public GroupCoordinatorShard(CoordinatorShardContext context, GroupCoordinatorConfig config, Func<IGroupTopics> topics)
    {
        _topics = topics;
        _context = context;
        _config = config;
        _groups = new GroupRegistry(context);
        _classic = new ClassicGroupProtocol(context, _groups, config);
        _consumer = new ConsumerGroupProtocol(context, _groups, config, _classic, topics);
        _share = new ShareGroupProtocol(context, _groups, config.Share, topics);
        _streams = new StreamsGroupProtocol(context, _groups, config.Streams, topics);
        _offsets = new OffsetManager(context, _groups, _classic, config, topics);
    }

    internal GroupRegistry Groups => _groups;

    internal OffsetManager Offsets => _offsets;

    /// <summary>JoinGroup; the reply may be parked.</summary>
    public CoordinatorResult<bool> Join(GroupRequestContext context, JoinGroupRequest request, ParkedReply<JoinGroupResponse> reply) =>
        WithoutResponse(WithMembers(request.GroupId) is { } group ? _consumer.Join(group, context, request, reply) : _classic.Join(context, request, reply));

    /// <summary>SyncGroup; the reply may be parked.</summary>
    public CoordinatorResult<bool> Sync(SyncGroupRequest request, ParkedReply<SyncGroupResponse> reply) =>
        WithoutResponse(WithMembers(request.GroupId) is { } group ? _consumer.Sync(group, request, reply) : _classic.Sync(request, reply));

    /// <summary>Heartbeat.</summary>
    public CoordinatorResult<HeartbeatResponse> Heartbeat(HeartbeatRequest request) =>
        new([], WithMembers(request.GroupId) is { } group ? _consumer.Heartbeat(group, request) : _classic.Heartbeat(request));

    /// <summary>LeaveGroup, in the form of version 3 and later.</summary>
    public CoordinatorResult<LeaveGroupResponse> Leave(LeaveGroupRequest request) =>
        _groups.TryGet(request.GroupId, out var found) && found is ConsumerGroup group ? _consumer.Leave(group, request) : _classic.Leave(request);

    /// <summary>ConsumerGroupHeartbeat.</summary>
    public CoordinatorResult<ConsumerGroupHeartbeatResponse> ConsumerGroupHeartbeat(GroupRequestContext context, ConsumerGroupHeartbeatRequest request) =>
        _consumer.Heartbeat(context, request);

    /// <summary>ConsumerGroupDescribe.</summary>
    public List<ConsumerGroupDescribeResponse.DescribedGroup> DescribeConsumerGroups(IReadOnlyList<string> groupIds) =>
        [.. groupIds.Select(groupId => ConsumerGroupDescriber.Describe(_groups, groupId, _topics(), _config.Consumer))];

    /// <summary>OffsetCommit; topics carry name and id.</summary>
    public CoordinatorResult<OffsetCommitResponse> CommitOffsets(GroupRequestContext context, OffsetCommitRequest request) => _offsets.Commit(context, request);

    /// <summary>TxnOffsetCommit.</summary>
    public CoordinatorResult<TxnOffsetCommitResponse> CommitTransactionalOffsets(GroupRequestContext context, TxnOffsetCommitRequest request) =>
        _offsets.CommitTransactional(context, request);

    /// <summary>OffsetFetch of one group.</summary>
    public OffsetFetchResponse.OffsetFetchResponseGroup FetchOffsets(OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable) =>
        _offsets.Fetch(request, requireStable);

    /// <summary>OffsetDelete.</summary>
    public CoordinatorResult<OffsetDeleteResponse> DeleteOffsets(OffsetDeleteRequest request) => _offsets.Delete(request);

    /// <summary>The groups in any of the states and of any of the types; an empty filter lets all through. Both ignore case.</summary>
    public List<ListGroupsResponse.ListedGroup> ListGroups(IReadOnlyCollection<string> states, IReadOnlyCollection<string> types)
    {
        var stateFilter = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var state in states)
            stateFilter.Add(state.Trim());
        var typeFilter = new HashSet<GroupType>();
        foreach (var type in types)
            typeFilter.Add(GroupTypes.Parse(type));

        var listed = new List<ListGroupsResponse.ListedGroup>();
        foreach (var group in _groups.All.OrderBy(group => KafkaOrder.Of(group.GroupId)))
        {
            if ((stateFilter.Count > 0 && !stateFilter.Contains(group.StateName)) || (typeFilter.Count > 0 && !typeFilter.Contains(group.Type)))
                continue;

            listed.Add(new ListGroupsResponse.ListedGroup
            {
                GroupId = group.GroupId,
                ProtocolType = group.ProtocolTypeName,
                GroupState = group.StateName,
                GroupType = GroupTypes.NameOf(group.Type),
            });
        }

        return listed;
    }

    /// <summary>DescribeGroups.</summary>
    public List<DescribeGroupsResponse.DescribedGroup> DescribeGroups(GroupRequestContext context, IReadOnlyList<string> groupIds)
    {
        var described = new List<DescribeGroupsResponse.DescribedGroup>(groupIds.Count);
        foreach (var groupId in groupIds)
            described.Add(ClassicGroupDescriber.Describe(_groups, context, groupId));
        return described;
    }

    /// <summary>DeleteGroups.</summary>
    public CoordinatorResult<List<DeleteGroupsResponse.DeletableGroupResult>> DeleteGroups(IReadOnlyList<string> groupIds)
    {
        var results = new List<DeleteGroupsResponse.DeletableGroupResult>(groupIds.Count);
        var records = new List<CoordinatorRecord>();
        var deleted = new List<string>();
        var offsetCount = 0;
        foreach (var groupId in groupIds)
        {
            var result = new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId };
            results.Add(result);
            try
            {
                var group = _groups.Get(groupId);
                group.ValidateDeleteGroup();
                offsetCount += _offsets.DeleteAll(groupId, records);
                AddGroupTombstones(group, records);
                deleted.Add(groupId);
            }
            catch (KafkaException e)
            {
                result.ErrorCode = e.ErrorCode;
            }
        }

        if (deleted.Count > 0)
            _context.Logger.GroupsDeleted(string.Join(", ", deleted), offsetCount);
        return new CoordinatorResult<List<DeleteGroupsResponse.DeletableGroupResult>>(records, results);
    }

    /// <summary>Forgets the offsets of deleted topics.</summary>
    public CoordinatorResult<bool> OnTopicsDeleted(IReadOnlyList<DeletedTopic> topics)
    {
        var records = _offsets.OnTopicsDeleted(topics);
        if (records.Count > 0)
            _context.Logger.OffsetsOfDeletedTopics(string.Join(", ", topics.Select(topic => topic.Name)), records.Count);
        records = [.. records, .. _share.OnTopicsDeleted(topics)];
        return new CoordinatorResult<bool>(records, true) { IsAtomic = false };
    }

    /// <inheritdoc/>
    public void OnLoaded()
    {
        _classic.OnLoaded();
        _consumer.OnLoaded();
        _share.OnLoaded();
        _streams.OnLoaded();
        ScheduleCleanUp();
    }

    /// <inheritdoc/>
    public void OnUnloaded() => _classic.OnUnloaded();

    /// <inheritdoc/>
    public void Replay(long offset, long producerId, CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case OffsetCommitKey key:
                _offsets.Replay(offset, producerId, key, (OffsetCommitValue?)record.Value);
                break;
            case GroupMetadataKey key:
                _classic.Replay(key, (GroupMetadataValue?)record.Value);
                break;
            default:
                if (!_consumer.Replay(record) && !_share.Replay(record) && !_streams.Replay(record))
                    throw new InvalidOperationException($"Record type {record.Type} is not of a group.");
                break;
        }
    }

    /// <inheritdoc/>
    public void ReplayEndTransactionMarker(long producerId, bool committed) => _offsets.ReplayEndTransactionMarker(producerId, committed);

    /// <summary>The KIP-848 group of that name, where it has members: an empty one makes way for the classic protocol.</summary>
    private ConsumerGroup? WithMembers(string groupId) =>
        _groups.TryGet(groupId, out var found) && found is ConsumerGroup { IsEmpty: false } group ? group : null;

    private static CoordinatorResult<bool> WithoutResponse(CoordinatorResult result) => new(result.Records, true)
    {
        ReplayRecords = result.ReplayRecords,
        OnCommitted = result.OnCommitted,
    };

    private void ScheduleCleanUp() => _context.Timer.Schedule(CleanUpKey, _config.OffsetsRetentionCheckIntervalMs, CleanUp);

    /// <summary>Removes expired offsets, and groups that have neither members nor offsets.</summary>
    private CoordinatorResult CleanUp()
    {
        ScheduleCleanUp();
        var records = new List<CoordinatorRecord>();
        foreach (var group in _groups.All)
        {
            if (group.ShouldExpire && _offsets.CleanUpExpired(group, records) && group.IsEmpty)
                AddGroupTombstones(group, records);
        }

        if (records.Count > 0)
            _context.Logger.CleanedUp(_context.TopicPartition.ToString(), records.Count);
        return new CoordinatorResult(records) { IsAtomic = false };
    }

    private void AddGroupTombstones(Group group, List<CoordinatorRecord> records)
    {
        group.AddTombstones(records);
        if (group is ClassicGroup classicGroup)
            _classic.CancelTimers(classicGroup);
        else if (group is ConsumerGroup consumerGroup)
            _consumer.CancelTimers(consumerGroup);
        else if (group is ShareGroup shareGroup)
            _share.CancelTimers(shareGroup);
        else if (group is StreamsGroup streamsGroup)
            _streams.CancelTimers(streamsGroup);
    }
}
