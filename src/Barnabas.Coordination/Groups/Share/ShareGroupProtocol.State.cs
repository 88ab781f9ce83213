using System.Collections.Immutable;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>The state that the share coordinator keeps for the group's partitions: begun, altered, deleted in step with what the group notes of it.</summary>
internal sealed partial class ShareGroupProtocol
{
    /// <summary>Notes that partitions new to the group get state, and what to ask the share coordinator for it.</summary>
    private InitializeShareGroupStateRequest? BeginState(ShareGroup group, int groupEpoch, List<ShareGroupMember> members, IGroupTopics seen, List<CoordinatorRecord> records)
    {
        var state = group.StatePartitions ?? ShareStatePartitions.Empty;
        var underWay = ShareStatePartitions.Union(state.Initialized, state.Initializing
            .Where(topic => context.NowMs - topic.Value.TimestampMs < config.InitializeRetryIntervalMs).ToImmutableDictionary());
        var wanted = ImmutableDictionary.CreateBuilder<Uuid, ShareStateTopic>();
        foreach (var name in members.SelectMany(member => member.SubscribedTopicNames).Distinct(StringComparer.Ordinal))
        {
            if (!seen.TryGet(name, out var topic))
                continue;
            var missing = Enumerable.Range(0, topic.PartitionCount).Except(underWay.TryGetValue(topic.Id, out var known) ? known.Partitions : []).ToImmutableSortedSet();
            if (!missing.IsEmpty)
                wanted[topic.Id] = new ShareStateTopic(name, missing, context.NowMs);
        }

        if (wanted.Count == 0)
            return null;

        records.Add(ShareGroupRecords.StatePartitions(group.GroupId, state.Begin(wanted.ToImmutable())));
        return InitializeRequest(group.GroupId, groupEpoch, wanted.Select(topic => (topic.Key, topic.Value.Partitions.Select(partition => (partition, -1L)))));
    }

    /// <summary>The state of these partitions has begun.</summary>
    public CoordinatorResult<bool> StateBegun(string groupId, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> partitions) =>
        ChangeState(groupId, state => state.Complete(Topics(partitions)));

    /// <summary>The state of these partitions could not begin.</summary>
    public CoordinatorResult<bool> StateNotBegun(string groupId, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> partitions) =>
        ChangeState(groupId, state => state.Initializing.IsEmpty ? state : state.Cancel(Topics(partitions)));

    /// <summary>The partitions whose state has begun.</summary>
    public IReadOnlyDictionary<Uuid, IReadOnlyList<int>> InitializedPartitions(string groupId) =>
        groups.TryGet(groupId, out var found) && found is ShareGroup { StatePartitions: { } state }
            ? state.Initialized.ToDictionary(topic => topic.Key, topic => (IReadOnlyList<int>)[.. topic.Value.Partitions])
            : new Dictionary<Uuid, IReadOnlyList<int>>();

    /// <summary>The group is about to be deleted: notes it, and what the share coordinator has to forget first.</summary>
    /// <exception cref="KafkaException">NON_EMPTY_GROUP.</exception>
    public DeleteShareGroupStateRequest? BeginDeletion(ShareGroup group, List<CoordinatorRecord> records)
    {
        group.ValidateDeleteGroup();
        if (group.StatePartitions is not { } state)
            return null;

        // What an earlier deletion did not finish is tried again, unless its topic is gone.
        var seen = topics();
        var candidates = state.Known.SetItems(state.Deleting.Where(topic => seen.TryGet(topic.Key, out _)).Select(topic =>
        {
            seen.TryGet(topic.Key, out var known);
            return KeyValuePair.Create(topic.Key, new ShareStateTopic(known.Name, [.. Enumerable.Range(0, known.PartitionCount)], -1));
        }));
        records.Add(ShareGroupRecords.StatePartitions(group.GroupId, state.DeleteAll(candidates)));
        // The share coordinator forgets deleted topics itself.
        var existing = candidates.Where(topic => seen.TryGet(topic.Key, out _)).ToList();
        return existing.Count == 0 ? null : DeleteRequest(group.GroupId, existing.Select(topic => (topic.Key, topic.Value.Partitions)));
    }

    /// <summary>DeleteShareGroupOffsets, first half: what can be deleted is noted as being deleted.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP.</exception>
    public CoordinatorResult<(DeleteShareGroupStateRequest? Delete, DeleteShareGroupOffsetsResponse Errors)> BeginDeleteOffsets(DeleteShareGroupOffsetsRequest request)
    {
        var group = Get(request.GroupId);
        group.ValidateDeleteGroup();
        var errors = new DeleteShareGroupOffsetsResponse();
        if (group.StatePartitions is not { } state)
            return new([], (null, errors));

        var seen = topics();
        var deleted = new List<(Uuid, ImmutableSortedSet<int>)>();
        foreach (var topic in request.Topics)
        {
            if (!seen.TryGet(topic.TopicName, out var known))
                errors.Responses.Add(new() { TopicName = topic.TopicName, ErrorCode = ErrorCode.UnknownTopicOrPartition, ErrorMessage = ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition) });
            else if (state.Initialized.TryGetValue(known.Id, out var initialized))
                deleted.Add((known.Id, initialized.Partitions));
            else if (state.Deleting.ContainsKey(known.Id))
                deleted.Add((known.Id, [.. Enumerable.Range(0, known.PartitionCount)]));
            else
                errors.Responses.Add(new() { TopicName = topic.TopicName, ErrorCode = ErrorCode.UnknownTopicOrPartition, ErrorMessage = "There is no offset information to delete." });
        }

        var next = state with
        {
            Initialized = state.Initialized.RemoveRange(deleted.Select(topic => topic.Item1)),
            Deleting = state.Deleting.SetItems(deleted.Select(topic => KeyValuePair.Create(topic.Item1, seen.TryGet(topic.Item1, out var known) ? known.Name : ""))),
        };
        return new([ShareGroupRecords.StatePartitions(group.GroupId, next)], (deleted.Count == 0 ? null : DeleteRequest(group.GroupId, deleted), errors));
    }

    /// <summary>DeleteShareGroupOffsets, second half: the share coordinator has forgotten these topics.</summary>
    public CoordinatorResult<bool> EndDeleteOffsets(string groupId, IReadOnlyList<Uuid> topicIds) =>
        ChangeState(groupId, state => state with { Deleting = state.Deleting.RemoveRange(topicIds) });

    /// <summary>AlterShareGroupOffsets: new state is noted, and what to ask the share coordinator for it.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND: another protocol's; NON_EMPTY_GROUP.</exception>
    public CoordinatorResult<(AlterShareGroupOffsetsResponse Response, InitializeShareGroupStateRequest? Initialize)> AlterOffsets(AlterShareGroupOffsetsRequest request)
    {
        var group = Find(request.GroupId, create: true);
        group.ValidateDeleteGroup();
        var seen = topics();
        var response = new AlterShareGroupOffsetsResponse();
        var wanted = ImmutableDictionary.CreateBuilder<Uuid, ShareStateTopic>();
        var offsets = new List<(Uuid, IEnumerable<(int, long)>)>();
        foreach (var topic in request.Topics)
        {
            var exists = seen.TryGet(topic.TopicName, out var known);
            var altered = new AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic { TopicName = topic.TopicName, TopicId = exists ? known.Id : Uuid.Zero };
            response.Responses.Add(altered);
            foreach (var partition in topic.Partitions)
            {
                var found = exists && partition.PartitionIndex >= 0 && partition.PartitionIndex < known.PartitionCount;
                altered.Partitions.Add(new()
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = found ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition,
                    ErrorMessage = found ? null : ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition),
                });
            }

            var valid = topic.Partitions.FindAll(partition => exists && partition.PartitionIndex >= 0 && partition.PartitionIndex < known.PartitionCount);
            if (valid.Count == 0)
                continue;
            wanted[known.Id] = new ShareStateTopic(known.Name, [.. valid.Select(partition => partition.PartitionIndex)], context.NowMs);
            offsets.Add((known.Id, valid.Select(partition => (partition.PartitionIndex, partition.StartOffset))));
        }

        if (wanted.Count == 0)
            return new([], (response, null));

        return new(
            [ShareGroupRecords.StatePartitions(group.GroupId, (group.StatePartitions ?? ShareStatePartitions.Empty).Begin(wanted.ToImmutable()))],
            (response, InitializeRequest(group.GroupId, group.GroupEpoch, offsets)));
    }

    /// <summary>Topics that are gone have no state any more; the share coordinator hears of it itself.</summary>
    public IEnumerable<CoordinatorRecord> OnTopicsDeleted(IReadOnlyList<DeletedTopic> deleted)
    {
        foreach (var group in groups.All.OfType<ShareGroup>())
        {
            if (group.StatePartitions is { } state && deleted.Any(topic => state.Known.ContainsKey(topic.Id) || state.Deleting.ContainsKey(topic.Id)))
                yield return ShareGroupRecords.StatePartitions(group.GroupId, state.Forget(deleted.Select(topic => topic.Id)));
        }
    }

    private CoordinatorResult<bool> ChangeState(string groupId, Func<ShareStatePartitions, ShareStatePartitions> change)
    {
        if (!groups.TryGet(groupId, out var found) || found is not ShareGroup group)
            return new([], false);

        var state = group.StatePartitions ?? ShareStatePartitions.Empty;
        var next = change(state);
        return ReferenceEquals(next, state) ? new([], true) : new([ShareGroupRecords.StatePartitions(groupId, next)], true);
    }

    private ImmutableDictionary<Uuid, ShareStateTopic> Topics(IReadOnlyDictionary<Uuid, IReadOnlyList<int>> partitions)
    {
        var seen = topics();
        return partitions.ToImmutableDictionary(
            topic => topic.Key,
            topic => new ShareStateTopic(seen.TryGet(topic.Key, out var known) ? known.Name : "<UNKNOWN>", [.. topic.Value], context.NowMs));
    }

    private static InitializeShareGroupStateRequest InitializeRequest(string groupId, int stateEpoch, IEnumerable<(Uuid TopicId, IEnumerable<(int Partition, long StartOffset)> Partitions)> topics) => new()
    {
        GroupId = groupId,
        Topics = [.. topics.Select(topic => new InitializeShareGroupStateRequest.InitializeStateData
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new InitializeShareGroupStateRequest.PartitionData { Partition = partition.Partition, StateEpoch = stateEpoch, StartOffset = partition.StartOffset })],
        })],
    };

    private static DeleteShareGroupStateRequest DeleteRequest(string groupId, IEnumerable<(Uuid TopicId, ImmutableSortedSet<int> Partitions)> topics) => new()
    {
        GroupId = groupId,
        Topics = [.. topics.Select(topic => new DeleteShareGroupStateRequest.DeleteStateData
        {
            TopicId = topic.TopicId,
            Partitions = [.. topic.Partitions.Select(partition => new DeleteShareGroupStateRequest.PartitionData { Partition = partition })],
        })],
    };
}
