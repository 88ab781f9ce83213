using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Barnabas.Transport.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Broker.Tests.Groups;

/// <summary>The group APIs over the wire of a whole node, at every version it advertises.</summary>
public sealed class GroupApiTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private RequestConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Properties = new Dictionary<string, string> { ["num.partitions"] = "2" } });
        await ConnectAsync();
        await CreateTopicAsync("topic");
        var found = await SendAsync(new FindCoordinatorRequest { CoordinatorKeys = ["g"] }, 4);
        Assert.Equal(ErrorCode.None, Assert.Single(found.Coordinators).ErrorCode);
        Assert.Equal(1, found.Coordinators[0].NodeId);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public static TheoryData<short> JoinVersions => Versions(ApiKey.JoinGroup);

    public static TheoryData<short> CommitVersions => Versions(ApiKey.OffsetCommit);

    public static TheoryData<short> FetchVersions => Versions(ApiKey.OffsetFetch);

    [Theory]
    [MemberData(nameof(JoinVersions))]
    public async Task A_member_joins_syncs_beats_and_leaves_at_every_version(short version)
    {
        var (memberId, generation) = await JoinAsync("g", version);
        var sync = await SendAsync(Sync("g", memberId, generation), Math.Min(version, (short)5));
        Assert.Equal(ErrorCode.None, sync.ErrorCode);
        Assert.Equal([7, 8], sync.Assignment.ToArray());

        var beat = await SendAsync(new HeartbeatRequest { GroupId = "g", MemberId = memberId, GenerationId = generation }, Math.Min(version, (short)4));
        Assert.Equal(ErrorCode.None, beat.ErrorCode);

        var leave = new LeaveGroupRequest { GroupId = "g" };
        if (version < 3)
            leave.MemberId = memberId;
        else
            leave.Members.Add(new() { MemberId = memberId });
        Assert.Equal(ErrorCode.None, (await SendAsync(leave, Math.Min(version, (short)5))).ErrorCode);
        var again = await SendAsync(leave, Math.Min(version, (short)5));
        Assert.Equal(ErrorCode.UnknownMemberId, version < 3 ? again.ErrorCode : again.Members[0].ErrorCode);
    }

    [Theory]
    [MemberData(nameof(CommitVersions))]
    public async Task Offsets_are_committed_at_every_version_and_unknown_partitions_fail_alone(short version)
    {
        var topicId = await TopicIdAsync("topic");
        var request = Commit("g", version, topicId, (0, 5), (9, 6));
        var topic = Assert.Single((await SendAsync(request, version)).Topics);
        Assert.Equal(version >= 10 ? topicId : Uuid.Zero, topic.TopicId);
        Assert.Equal(
            [(0, ErrorCode.None), (9, ErrorCode.UnknownTopicOrPartition)],
            topic.Partitions.Select(p => (p.PartitionIndex, p.ErrorCode)).Order());
        Assert.Equal(5, (await FetchAsync("g", 1)).CommittedOffset);
    }

    [Fact]
    public async Task A_commit_to_an_unknown_topic_says_so()
    {
        var byName = Commit("g", 9, Uuid.Zero, (0, 5));
        byName.Topics[0].Name = "missing";
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await SendAsync(byName, 9)).Topics[0].Partitions[0].ErrorCode);
        var byId = Commit("g", 10, new Uuid(1, 2), (0, 5));
        Assert.Equal(ErrorCode.UnknownTopicId, (await SendAsync(byId, 10)).Topics[0].Partitions[0].ErrorCode);
    }

    [Theory]
    [MemberData(nameof(FetchVersions))]
    public async Task Offsets_are_fetched_at_every_version(short version)
    {
        await SendAsync(Commit("g", 9, Uuid.Zero, (0, 5)), 9);
        var offset = await FetchAsync("g", version);
        Assert.Equal((5L, "note", ErrorCode.None), (offset.CommittedOffset, offset.Metadata, offset.ErrorCode));
        if (version >= 5)
            Assert.Equal(3, offset.CommittedLeaderEpoch);
        Assert.Equal(-1, (await FetchAsync("nobody", version)).CommittedOffset);
    }

    [Theory]
    [InlineData(7), InlineData(8), InlineData(9), InlineData(10)]
    public async Task Null_topics_fetch_all_offsets(short version)
    {
        await SendAsync(Commit("g", 9, Uuid.Zero, (0, 5), (1, 6)), 9);
        var request = new OffsetFetchRequest();
        if (version < 8)
        {
            request.GroupId = "g";
            request.Topics = null;
            Assert.Equal(2, Assert.Single((await SendAsync(request, version)).Topics).Partitions.Count);
            return;
        }

        request.Groups.Add(new() { GroupId = "g", Topics = null });
        request.Groups.Add(new() { GroupId = "none", Topics = null });
        var response = await SendAsync(request, version);
        Assert.Equal(2, Assert.Single(response.Groups[0].Topics).Partitions.Count);
        Assert.Empty(response.Groups[1].Topics);
    }

    [Fact]
    public async Task Groups_and_offsets_survive_a_restart()
    {
        var (memberId, generation) = await JoinAsync("g", 9);
        await SendAsync(Sync("g", memberId, generation), 5);
        var commit = Commit("g", 9, Uuid.Zero, (0, 42));
        commit.MemberId = memberId;
        commit.GenerationIdOrMemberEpoch = generation;
        Assert.Equal(ErrorCode.None, (await SendAsync(commit, 9)).Topics[0].Partitions[0].ErrorCode);

        await _connection.DisposeAsync();
        await _broker.RestartAsync();
        await ConnectAsync();

        Assert.Equal(42, (await FetchWhenLoadedAsync("g")).CommittedOffset);
        var beat = await SendAsync(new HeartbeatRequest { GroupId = "g", MemberId = memberId, GenerationId = generation }, 4);
        Assert.Equal(ErrorCode.None, beat.ErrorCode);
        var described = Assert.Single((await SendAsync(new DescribeGroupsRequest { Groups = ["g"], IncludeAuthorizedOperations = true }, 6)).Groups);
        Assert.Equal(("Stable", "consumer", "range", 3400), (described.GroupState, described.ProtocolType, described.ProtocolData, described.AuthorizedOperations));
        Assert.StartsWith("/", Assert.Single(described.Members).ClientHost);
    }

    [Fact]
    public async Task Groups_are_listed_and_deleted()
    {
        await SendAsync(Commit("a", 9, Uuid.Zero, (0, 1)), 9);
        await SendAsync(Commit("b", 9, Uuid.Zero, (0, 1)), 9);
        var listed = await SendAsync(new ListGroupsRequest { StatesFilter = ["Empty"], TypesFilter = ["classic"] }, 5);
        Assert.Equal(["a", "b"], listed.Groups.Select(group => group.GroupId).Order());
        var deleted = await SendAsync(new DeleteGroupsRequest { GroupsNames = ["a", "missing", "a"] }, 2);
        Assert.Equal([("a", ErrorCode.None), ("missing", ErrorCode.GroupIdNotFound)], deleted.Results.Select(result => (result.GroupId, result.ErrorCode)).Order());
        Assert.Equal("b", Assert.Single((await SendAsync(new ListGroupsRequest(), 0)).Groups).GroupId);
    }

    [Fact]
    public async Task Offsets_are_deleted_and_unknown_partitions_fail_alone()
    {
        await SendAsync(Commit("g", 9, Uuid.Zero, (0, 1), (1, 2)), 9);
        var request = new OffsetDeleteRequest { GroupId = "g" };
        request.Topics.Add(new() { Name = "topic", Partitions = [new() { PartitionIndex = 0 }, new() { PartitionIndex = 7 }] });
        var response = await SendAsync(request, 0);
        Assert.Equal(
            [(0, ErrorCode.None), (7, ErrorCode.UnknownTopicOrPartition)],
            Assert.Single(response.Topics).Partitions.Select(p => (p.PartitionIndex, p.ErrorCode)).Order());
        Assert.Equal(-1, (await FetchAsync("g", 7)).CommittedOffset);
    }

    [Theory]
    [InlineData("", 10_000, ErrorCode.InvalidGroupId)]
    [InlineData("g", 5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData("g", 1_800_001, ErrorCode.InvalidSessionTimeout)]
    public async Task A_join_must_name_a_group_and_a_sensible_session(string groupId, int sessionMs, ErrorCode expected)
    {
        var request = Join(groupId, "", 9);
        request.SessionTimeoutMs = sessionMs;
        Assert.Equal(expected, (await SendAsync(request, 9)).ErrorCode);
    }

    [Fact]
    public async Task A_sync_of_version_5_must_name_its_protocol()
    {
        var request = new SyncGroupRequest { GroupId = "g", MemberId = "m", GenerationId = 1 };
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await SendAsync(request, 5)).ErrorCode);
    }

    private static TheoryData<short> Versions(ApiKey key)
    {
        var descriptor = ApiCatalog.Get(key);
        var data = new TheoryData<short>();
        for (var version = descriptor.LowestVersion; version <= descriptor.HighestVersion; version++)
            data.Add(version);
        return data;
    }

    private static JoinGroupRequest Join(string groupId, string memberId, short version)
    {
        var request = new JoinGroupRequest
        {
            GroupId = groupId,
            MemberId = memberId,
            SessionTimeoutMs = 30_000,
            RebalanceTimeoutMs = version == 0 ? -1 : 30_000,
            ProtocolType = "consumer",
        };
        request.Protocols.Add(new() { Name = "range", Metadata = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } });
        return request;
    }

    private static SyncGroupRequest Sync(string groupId, string memberId, int generation)
    {
        var request = new SyncGroupRequest { GroupId = groupId, MemberId = memberId, GenerationId = generation, ProtocolType = "consumer", ProtocolName = "range" };
        request.Assignments.Add(new() { MemberId = memberId, Assignment = new byte[] { 7, 8 } });
        return request;
    }

    private static OffsetCommitRequest Commit(string groupId, short version, Uuid topicId, params (int Partition, long Offset)[] offsets)
    {
        var request = new OffsetCommitRequest { GroupId = groupId, GenerationIdOrMemberEpoch = -1 };
        request.Topics.Add(version >= 10 ? new() { TopicId = topicId } : new() { Name = "topic" });
        foreach (var (partition, offset) in offsets)
            request.Topics[0].Partitions.Add(new() { PartitionIndex = partition, CommittedOffset = offset, CommittedLeaderEpoch = version >= 6 ? 3 : -1, CommittedMetadata = "note" });
        return request;
    }

    private async Task<(string MemberId, int Generation)> JoinAsync(string groupId, short version)
    {
        var response = await SendAsync(Join(groupId, "", version), version);
        if (response.ErrorCode == ErrorCode.MemberIdRequired)
            response = await SendAsync(Join(groupId, response.MemberId, version), version);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(response.MemberId, response.Leader);
        Assert.Equal("range", response.ProtocolName);
        return (response.MemberId, response.GenerationId);
    }

    private async Task<OffsetFetchResponse.OffsetFetchResponsePartitions> FetchAsync(string groupId, short version)
    {
        var request = new OffsetFetchRequest();
        if (version >= 8)
        {
            var group = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = groupId, Topics = [] };
            group.Topics.Add(version >= 10 ? new() { TopicId = await TopicIdAsync("topic"), PartitionIndexes = [0] } : new() { Name = "topic", PartitionIndexes = [0] });
            request.Groups.Add(group);
            var answered = Assert.Single((await SendAsync(request, version)).Groups);
            return answered.ErrorCode == ErrorCode.None ? answered.Topics[0].Partitions[0] : new() { ErrorCode = answered.ErrorCode };
        }

        request.GroupId = groupId;
        request.Topics = [new() { Name = "topic", PartitionIndexes = [0] }];
        var response = await SendAsync(request, version);
        var partition = Assert.Single(Assert.Single(response.Topics).Partitions);
        return new() { CommittedOffset = partition.CommittedOffset, CommittedLeaderEpoch = partition.CommittedLeaderEpoch, Metadata = partition.Metadata, ErrorCode = partition.ErrorCode };
    }

    /// <summary>A coordinator that still loads says so; clients ask again.</summary>
    private async Task<OffsetFetchResponse.OffsetFetchResponsePartitions> FetchWhenLoadedAsync(string groupId)
    {
        while (true)
        {
            var offset = await FetchAsync(groupId, 9);
            if (offset.ErrorCode is not (ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable))
                return offset;
            await Task.Yield();
        }
    }

    private async Task<Uuid> TopicIdAsync(string topic)
    {
        var metadata = await SendAsync(new MetadataRequest { Topics = [new() { Name = topic }] }, 12);
        return metadata.Topics[0].TopicId;
    }

    /// <summary>Topics are made on first use.</summary>
    private async Task CreateTopicAsync(string topic)
    {
        while ((await SendAsync(new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = true }, 12)).Topics[0].ErrorCode != ErrorCode.None)
            await Task.Yield();
    }

    private async Task ConnectAsync()
    {
        var address = _broker.BootstrapServers.Split(':');
        var transport = await _broker.Transport.ConnectAsync(address[0], int.Parse(address[1]), CancellationToken.None);
        var options = new RequestConnectionOptions { ClientId = "test", RequestTimeout = TimeSpan.FromSeconds(30) };
        _connection = new RequestConnection(transport, _broker.BootstrapServers, options, TimeProvider.System, NullLogger.Instance);
    }

    private Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new() => _connection.SendAsync(request, version, CancellationToken.None);
}
