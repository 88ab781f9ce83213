using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Offsets;

public sealed class OffsetTests
{
    private static readonly Uuid TopicId = new(1, 2);

    private readonly ShardHarness _shard = new();

    [Fact]
    public void A_commit_comes_back_with_epoch_and_metadata()
    {
        Commit(7, epoch: 3, metadata: "note");
        var answer = Fetch();
        Assert.Equal(7, answer.CommittedOffset);
        Assert.Equal(3, answer.CommittedLeaderEpoch);
        Assert.Equal("note", answer.Metadata);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
    }

    [Fact]
    public void What_was_never_committed_is_minus_one()
    {
        var answer = Fetch();
        Assert.Equal(-1, answer.CommittedOffset);
        Assert.Equal(-1, answer.CommittedLeaderEpoch);
        Assert.Equal("", answer.Metadata);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
    }

    [Fact]
    public void Null_topics_fetch_everything()
    {
        Commit(1, topic: "a");
        Commit(2, topic: "b", partition: 4);
        var all = _shard.Shard.FetchOffsets(new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "g", Topics = null }, false);
        Assert.Equal(["a-0=1", "b-4=2"], all.Topics.SelectMany(topic => topic.Partitions.Select(p => $"{topic.Name}-{p.PartitionIndex}={p.CommittedOffset}")).Order());
        Assert.Empty(_shard.Shard.FetchOffsets(new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "none", Topics = null }, false).Topics);
    }

    [Fact]
    public void An_offset_of_a_topic_that_was_made_anew_is_not_answered()
    {
        Commit(7, topicId: TopicId);
        Assert.Equal(7, Fetch(topicId: TopicId).CommittedOffset);
        Assert.Equal(7, Fetch().CommittedOffset);
        Assert.Equal(-1, Fetch(topicId: new Uuid(9, 9)).CommittedOffset);
    }

    [Fact]
    public void Commits_are_written_as_Kafka_writes_them()
    {
        Commit(7, epoch: 3, metadata: "note", topicId: TopicId);
        var record = _shard.Records.Last();
        var key = Assert.IsType<OffsetCommitKey>(record.Key);
        var value = Assert.IsType<OffsetCommitValue>(record.Value);
        Assert.Equal(("g", "topic", 0), (key.Group, key.Topic, key.Partition));
        Assert.Equal(4, record.ValueVersion);
        Assert.Equal((7L, 3, "note", _shard.NowMs, TopicId), (value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.TopicId));
    }

    [Fact]
    public void A_retention_time_of_an_old_client_is_written_and_kept()
    {
        Commit(7, retentionMs: 1_000);
        Assert.Equal(1, _shard.Records.Last().ValueVersion);
        _shard.Advance(600_000);
        Assert.False(_shard.HasGroup());
    }

    [Fact]
    public void Metadata_that_is_too_large_fails_its_partition_alone()
    {
        var request = Request(1);
        request.Topics[0].Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = 1, CommittedOffset = 5, CommittedMetadata = new string('x', 4097) });
        request.Topics[0].Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = 2, CommittedOffset = 6, CommittedMetadata = new string('x', 4096) });
        var response = _shard.Run(machine => machine.CommitOffsets(GroupClient.Context, request));
        Assert.Equal([ErrorCode.None, ErrorCode.OffsetMetadataTooLarge, ErrorCode.None], response.Topics[0].Partitions.Select(p => p.ErrorCode));
        Assert.Equal(-1, Fetch(partition: 1).CommittedOffset);
        Assert.Equal(6, Fetch(partition: 2).CommittedOffset);
    }

    [Theory]
    [InlineData("", -1, ErrorCode.UnknownMemberId)]
    [InlineData("nobody", 1, ErrorCode.UnknownMemberId)]
    [InlineData("member", 0, ErrorCode.IllegalGeneration)]
    [InlineData("member", 2, ErrorCode.IllegalGeneration)]
    [InlineData("member", -1, ErrorCode.IllegalGeneration)]
    [InlineData("member", 1, ErrorCode.None)]
    public void A_commit_to_a_group_with_members_must_come_from_one(string memberId, int generation, ErrorCode expected)
    {
        var (id, _) = _shard.StableMember();
        Assert.Equal(expected, CommitError(memberId == "member" ? id : memberId, generation));
    }

    [Fact]
    public void A_commit_before_the_assignment_is_told_to_wait()
    {
        var join = _shard.Join(version: 3);
        _shard.Advance(3_000);
        Assert.Equal(ErrorCode.RebalanceInProgress, CommitError(join.Result().MemberId, 1));
    }

    [Fact]
    public void A_commit_while_members_rejoin_still_counts()
    {
        var members = _shard.StableMembers(2);
        _shard.Join(members[0].MemberId);
        Assert.Equal(ErrorCode.None, CommitError(members[1].MemberId, 1));
    }

    [Theory]
    [InlineData(8, ErrorCode.IllegalGeneration)]
    [InlineData(9, ErrorCode.GroupIdNotFound)]
    public void A_commit_with_a_generation_needs_its_group(short version, ErrorCode expected) =>
        Assert.Equal(expected, CommitError("m", 3, version));

    [Fact]
    public void A_commit_to_an_empty_group_needs_no_generation()
    {
        var (memberId, _) = _shard.StableMember();
        _shard.Leave((memberId, null));
        Assert.Equal(ErrorCode.None, CommitError("", -1));
    }

    [Fact]
    public void A_failed_commit_leaves_the_offset_before_it()
    {
        Commit(1);
        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        Commit(2);
        Assert.Equal(1, Fetch().CommittedOffset);
    }

    [Fact]
    public void Offsets_of_a_pending_transaction_are_unstable_until_its_marker()
    {
        Commit(1);
        _shard.Inject(GroupRecords.OffsetCommit("g", "topic", 0, new(-1, 5, null, "", _shard.NowMs, null, Uuid.Zero)), producerId: 42);
        Assert.Equal(1, Fetch().CommittedOffset);
        Assert.Equal(ErrorCode.UnstableOffsetCommit, Fetch(requireStable: true).ErrorCode);
        _shard.Shard.ReplayEndTransactionMarker(42, committed: true);
        Assert.Equal(5, Fetch(requireStable: true).CommittedOffset);
    }

    [Fact]
    public void An_aborted_transaction_leaves_no_offset_and_a_later_plain_commit_wins()
    {
        _shard.Inject(GroupRecords.OffsetCommit("g", "topic", 0, new(-1, 5, null, "", _shard.NowMs, null, Uuid.Zero)), producerId: 42);
        _shard.Shard.ReplayEndTransactionMarker(42, committed: false);
        Assert.Equal(-1, Fetch().CommittedOffset);

        _shard.Inject(GroupRecords.OffsetCommit("g", "topic", 0, new(-1, 6, null, "", _shard.NowMs, null, Uuid.Zero)), producerId: 42);
        Commit(7);
        _shard.Shard.ReplayEndTransactionMarker(42, committed: true);
        Assert.Equal(7, Fetch().CommittedOffset);
    }

    [Fact]
    public void Offsets_of_topics_a_member_reads_cannot_be_deleted()
    {
        var (memberId, generation) = _shard.StableMember();
        Assert.Equal(ErrorCode.None, CommitError(memberId, generation));
        Assert.Equal(ErrorCode.None, CommitError(memberId, generation, topic: "other"));
        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None], Delete("topic", "other"));
        Assert.Equal(3, Fetch().CommittedOffset);
        Assert.Equal(-1, Fetch(topic: "other").CommittedOffset);
        Assert.Null(_shard.Records.Last().Value);
    }

    [Fact]
    public void Offsets_of_a_group_that_is_not_of_consumers_wait_for_it_to_be_empty()
    {
        _shard.StableMember(protocolType: "connect");
        Assert.Equal(ErrorCode.NonEmptyGroup, Assert.Throws<KafkaException>(() => Delete("topic")).ErrorCode);
    }

    [Fact]
    public void Offsets_of_a_missing_group_cannot_be_deleted() =>
        Assert.Equal(ErrorCode.GroupIdNotFound, Assert.Throws<KafkaException>(() => Delete("topic")).ErrorCode);

    [Fact]
    public void The_offsets_of_a_deleted_topic_go_with_it_unless_they_are_of_a_newer_one()
    {
        Commit(1, topic: "gone", topicId: TopicId);
        Commit(1, topic: "anew", topicId: new Uuid(5, 5));
        Commit(1, topic: "old");
        _shard.Run(machine => machine.OnTopicsDeleted([new DeletedTopic("gone", TopicId), new DeletedTopic("anew", TopicId), new DeletedTopic("old", TopicId)]));
        Assert.Equal(-1, Fetch(topic: "gone").CommittedOffset);
        Assert.Equal(1, Fetch(topic: "anew").CommittedOffset);
        Assert.Equal(-1, Fetch(topic: "old").CommittedOffset);
    }

    [Fact]
    public void A_simple_groups_offsets_expire_after_their_last_commit_and_the_group_with_them()
    {
        Commit(1);
        _shard.Advance(23 * 3_600_000L);
        Commit(2, partition: 1);
        _shard.Advance(2 * 3_600_000L);
        Assert.Equal(-1, Fetch().CommittedOffset);
        Assert.Equal(2, Fetch(partition: 1).CommittedOffset);
        _shard.Advance(24 * 3_600_000L);
        Assert.False(_shard.HasGroup());
    }

    [Fact]
    public void An_empty_groups_offsets_expire_after_it_became_empty()
    {
        _shard.Shard.OnLoaded();
        var (memberId, generation) = _shard.StableMember();
        CommitError(memberId, generation);
        for (var i = 0; i < 30 * 400; i++)
        {
            _shard.Advance(9_000);
            _shard.Heartbeat(memberId, generation);
        }

        Assert.Equal(3, Fetch().CommittedOffset);
        _shard.Leave((memberId, null));
        _shard.Advance(23 * 3_600_000L);
        Assert.Equal(3, Fetch().CommittedOffset);
        _shard.Advance(2 * 3_600_000L);
        Assert.Equal(-1, Fetch().CommittedOffset);
        Assert.False(_shard.HasGroup());
    }

    [Fact]
    public void Offsets_of_topics_nobody_reads_any_more_expire_while_the_group_lives()
    {
        _shard.Shard.OnLoaded();
        var (memberId, generation) = _shard.StableMember();
        CommitError(memberId, generation);
        CommitError(memberId, generation, topic: "left");
        for (var i = 0; i < 25 * 400; i++)
        {
            _shard.Advance(9_000);
            Assert.Equal(ErrorCode.None, _shard.Heartbeat(memberId, generation));
        }

        Assert.Equal(3, Fetch().CommittedOffset);
        Assert.Equal(-1, Fetch(topic: "left").CommittedOffset);
    }

    private static OffsetCommitRequest Request(
        long offset, string topic = "topic", int partition = 0, int epoch = -1, string? metadata = null, Uuid topicId = default, long retentionMs = -1)
    {
        var request = new OffsetCommitRequest { GroupId = "g", GenerationIdOrMemberEpoch = -1, RetentionTimeMs = retentionMs };
        request.Topics.Add(new OffsetCommitRequest.OffsetCommitRequestTopic { Name = topic, TopicId = topicId });
        request.Topics[0].Partitions.Add(new OffsetCommitRequest.OffsetCommitRequestPartition
        {
            PartitionIndex = partition,
            CommittedOffset = offset,
            CommittedLeaderEpoch = epoch,
            CommittedMetadata = metadata,
        });
        return request;
    }

    private void Commit(
        long offset, string topic = "topic", int partition = 0, int epoch = -1, string? metadata = null, Uuid topicId = default, long retentionMs = -1)
    {
        if (!_shard.IsScheduled("expire-group-metadata"))
            _shard.Shard.OnLoaded();
        _shard.Run(machine => machine.CommitOffsets(GroupClient.Context, Request(offset, topic, partition, epoch, metadata, topicId, retentionMs)));
    }

    private ErrorCode CommitError(string memberId, int generation, short version = 9, string topic = "topic")
    {
        var request = Request(3, topic);
        request.MemberId = memberId;
        request.GenerationIdOrMemberEpoch = generation;
        try
        {
            return _shard.Run(machine => machine.CommitOffsets(GroupClient.AtVersion(version), request)).Topics[0].Partitions[0].ErrorCode;
        }
        catch (KafkaException e)
        {
            return e.ErrorCode;
        }
    }

    private OffsetFetchResponse.OffsetFetchResponsePartitions Fetch(string topic = "topic", int partition = 0, Uuid topicId = default, bool requireStable = false)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = "g", Topics = [] };
        request.Topics.Add(new OffsetFetchRequest.OffsetFetchRequestTopics { Name = topic, TopicId = topicId, PartitionIndexes = [partition] });
        return _shard.Shard.FetchOffsets(request, requireStable).Topics[0].Partitions[0];
    }

    private ErrorCode[] Delete(params string[] topics)
    {
        var request = new OffsetDeleteRequest { GroupId = "g" };
        foreach (var topic in topics)
        {
            request.Topics.Add(new OffsetDeleteRequest.OffsetDeleteRequestTopic { Name = topic });
            request.Topics[^1].Partitions.Add(new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = 0 });
        }

        return [.. _shard.Run(machine => machine.DeleteOffsets(request)).Topics.Select(topic => topic.Partitions[0].ErrorCode)];
    }
}
