using System.Collections.Concurrent;
using Barnabas.Client.Consumer;
using Barnabas.Client.Consumer.Membership.ServerSide;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Configuration;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Consumer.ServerSide;

public sealed class HeartbeatTests
{
    private static readonly Uuid TopicA = new(1, 1);
    private static readonly ConsumerOptions Options = new()
    {
        BootstrapServers = ["localhost:1"],
        GroupId = "group",
        GroupProtocol = GroupProtocol.Consumer,
        GroupRemoteAssignor = "uniform",
        ClientRack = "rack-1",
        MaxPollInterval = TimeSpan.FromSeconds(7),
    };

    [Fact]
    public void The_first_heartbeat_says_everything_and_the_next_what_changed()
    {
        var state = new HeartbeatState(Options);
        var member = new ConsumerMembershipManager("member", isStatic: false);
        member.Join();
        var first = state.Build(member, new SubscriptionToTell(["a"], "b.*"));
        Assert.Equal(("group", "member", 0, 7000, "uniform", "rack-1", "b.*"), (first.GroupId, first.MemberId, first.MemberEpoch, first.RebalanceTimeoutMs, first.ServerAssignor, first.RackId, first.SubscribedTopicRegex));
        Assert.Equal(["a"], first.SubscribedTopicNames);
        Assert.Empty(first.TopicPartitions!);

        member.HeartbeatSucceeded(1, new Dictionary<Uuid, IReadOnlySet<int>> { [TopicA] = new HashSet<int> { 2, 1 } });
        var idle = state.Build(member, new SubscriptionToTell(["a"], "b.*"));
        Assert.Equal((1, -1), (idle.MemberEpoch, idle.RebalanceTimeoutMs));
        Assert.Null(idle.SubscribedTopicNames);
        Assert.Null(idle.SubscribedTopicRegex);
        Assert.Null(idle.ServerAssignor);
        Assert.Null(idle.TopicPartitions);
        Assert.Null(idle.RackId);

        member.Reconciled(member.Target, member.Target.Partitions);
        var acknowledges = state.Build(member, new SubscriptionToTell(["a", "c"], null));
        Assert.Equal(["a", "c"], acknowledges.SubscribedTopicNames);
        Assert.Equal("", acknowledges.SubscribedTopicRegex);
        Assert.Equal([1, 2], Assert.Single(acknowledges.TopicPartitions!).Partitions);
    }

    [Fact]
    public void After_an_error_everything_is_said_again()
    {
        var state = new HeartbeatState(Options);
        var member = new ConsumerMembershipManager("member", isStatic: false);
        member.Join();
        state.Build(member, new SubscriptionToTell(["a"], null));
        member.HeartbeatSucceeded(1, new Dictionary<Uuid, IReadOnlySet<int>>());
        state.Reset();
        var again = state.Build(member, new SubscriptionToTell(["a"], null));
        Assert.Equal((7000, "uniform"), (again.RebalanceTimeoutMs, again.ServerAssignor));
        Assert.Equal(["a"], again.SubscribedTopicNames);
        Assert.NotNull(again.TopicPartitions);
    }

    [Fact]
    public async Task Errors_that_pass_are_tried_again_with_everything_there_is_to_say()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("orders", 1);
        var answers = new ConcurrentQueue<ErrorCode>([ErrorCode.CoordinatorLoadInProgress, ErrorCode.NotCoordinator, ErrorCode.None]);
        Serve(mock, answers);
        await using var consumer = NewConsumer(mock);
        consumer.Subscribe(["orders"]);
        await AssignedAsync(consumer);
        var beats = mock.Received.OfType<ConsumerGroupHeartbeatRequest>().Take(3).ToList();
        Assert.All(beats, beat => Assert.Equal((0, "orders"), (beat.MemberEpoch, Assert.Single(beat.SubscribedTopicNames!))));
        Assert.Single(beats.Select(beat => beat.MemberId).Distinct());
        Assert.Equal(2, mock.Received.OfType<FindCoordinatorRequest>().Count());
    }

    [Theory]
    [InlineData(ErrorCode.FencedMemberEpoch)]
    [InlineData(ErrorCode.UnknownMemberId)]
    public async Task A_fenced_member_loses_its_partitions_and_joins_again(ErrorCode error)
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("orders", 1);
        var errors = new ConcurrentQueue<ErrorCode>();
        Serve(mock, errors);
        var events = new RecordingListener();
        await using var consumer = NewConsumer(mock);
        consumer.Subscribe(["orders"], events);
        var deadline = Until.TooLate;
        while (events.Assigned.Count < 1) await consumer.PollAsync(TimeSpan.FromMilliseconds(20), deadline);
        // Not before: a member that is fenced while it is given its partitions has none to lose.
        errors.Enqueue(error);
        while (events.Assigned.Count < 2) await consumer.PollAsync(TimeSpan.FromMilliseconds(20), deadline);
        Assert.Equal([new TopicPartition("orders", 0)], events.Lost);
        Assert.Empty(events.Revoked);
    }

    [Theory]
    [InlineData(ErrorCode.GroupMaxSizeReached)]
    [InlineData(ErrorCode.FencedInstanceId)]
    [InlineData(ErrorCode.InvalidRequest)]
    [InlineData(ErrorCode.GroupAuthorizationFailed)]
    public async Task Errors_that_stay_are_thrown_by_every_poll(ErrorCode error)
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("orders", 1);
        var errors = new ConcurrentQueue<ErrorCode>();
        Serve(mock, errors);
        var events = new RecordingListener();
        await using var consumer = NewConsumer(mock);
        consumer.Subscribe(["orders"], events);
        await AssignedAsync(consumer);
        errors.Enqueue(error);
        for (var poll = 0; poll < 2; poll++)
        {
            var thrown = await Assert.ThrowsAsync<KafkaException>(async () =>
            {
                while (true) await consumer.PollAsync(TimeSpan.FromSeconds(1), Until.TooLate);
            });
            Assert.Equal(error, thrown.ErrorCode);
        }

        Assert.Single(events.Lost);
    }

    [Fact]
    public async Task A_node_that_does_not_know_the_protocol_is_told_of_in_Kafkas_words()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.On<ApiVersionsRequest>((_, _) =>
        {
            var response = MockBroker.AllVersions();
            response.ApiKeys.RemoveAll(api => api.ApiKey == (short)ApiKey.ConsumerGroupHeartbeat);
            return response;
        });
        await using var consumer = NewConsumer(mock);
        consumer.Subscribe(["orders"]);
        var thrown = await Assert.ThrowsAsync<UnsupportedVersionException>(async () => await consumer.PollAsync(TimeSpan.FromSeconds(20), Until.TooLate));
        Assert.Equal("The cluster does not support the new CONSUMER group protocol. Set group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is upgraded.", thrown.Message);
    }

    [Fact]
    public async Task Closing_says_good_bye_and_does_not_wait_for_a_node_that_is_gone()
    {
        var mock = await MockBroker.StartAsync();
        mock.WithTopic("orders", 1);
        Serve(mock, new ConcurrentQueue<ErrorCode>());
        var polite = NewConsumer(mock);
        polite.Subscribe(["orders"]);
        await AssignedAsync(polite);
        await polite.DisposeAsync();
        Assert.Equal(-1, mock.Received.OfType<ConsumerGroupHeartbeatRequest>().Last().MemberEpoch);

        var left = NewConsumer(mock);
        left.Subscribe(["orders"]);
        await AssignedAsync(left);
        await mock.DisposeAsync();
        await left.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("partition.assignment.strategy", "range")]
    [InlineData("heartbeat.interval.ms", "100")]
    [InlineData("session.timeout.ms", "100")]
    public void What_belongs_to_the_classic_protocol_is_refused(string name, string value)
    {
        var error = Assert.Throws<ConfigException>(() => ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = "localhost:1", ["group.id"] = "g", ["group.protocol"] = "consumer", [name] = value }));
        Assert.Equal($"{name} cannot be set when group.protocol=CONSUMER", error.Message);
    }

    [Fact]
    public void What_belongs_to_the_new_protocol_is_refused_by_the_classic_one()
    {
        var error = Assert.Throws<ConfigException>(() => ConsumerOptions.Parse(new Dictionary<string, string> { ["bootstrap.servers"] = "localhost:1", ["group.id"] = "g", ["group.remote.assignor"] = "uniform" }));
        Assert.Equal("group.remote.assignor cannot be set when group.protocol=CLASSIC", error.Message);
    }

    private static void Serve(MockBroker mock, ConcurrentQueue<ErrorCode> errors)
    {
        mock.On<ConsumerGroupHeartbeatRequest>((request, _) =>
        {
            var error = errors.TryDequeue(out var next) ? next : ErrorCode.None;
            if (error != ErrorCode.None) return new ConsumerGroupHeartbeatResponse { ErrorCode = error, ErrorMessage = "the mock says so" };
            return new ConsumerGroupHeartbeatResponse
            {
                MemberId = request.MemberId,
                MemberEpoch = request.MemberEpoch < 0 ? request.MemberEpoch : 5,
                HeartbeatIntervalMs = 20,
                Assignment = request.MemberEpoch == 0
                    ? new ConsumerGroupHeartbeatResponse.AssignmentData { TopicPartitions = [new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = mock.Topics["orders"].Id, Partitions = [0] }] }
                    : null,
            };
        });
        mock.On<OffsetFetchRequest>((request, _) => new OffsetFetchResponse
        {
            Groups = [new OffsetFetchResponse.OffsetFetchResponseGroup
            {
                GroupId = "group",
                Topics = [new OffsetFetchResponse.OffsetFetchResponseTopics { Name = "orders", Partitions = [new OffsetFetchResponse.OffsetFetchResponsePartitions { PartitionIndex = 0, CommittedOffset = 0, CommittedLeaderEpoch = -1 }] }],
            }],
        });
        mock.On<FetchRequest>((_, _) => null);
        mock.On<OffsetCommitRequest>((request, _) => new OffsetCommitResponse
        {
            Topics = [.. request.Topics.Select(topic => new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(one => new OffsetCommitResponse.OffsetCommitResponsePartition { PartitionIndex = one.PartitionIndex })],
            })],
        });
    }

    private static async Task AssignedAsync(Consumer<string?, string?> consumer)
    {
        var deadline = Until.TooLate;
        while (consumer.Assignment.Count == 0) await consumer.PollAsync(TimeSpan.FromMilliseconds(20), deadline);
    }

    private static Consumer<string?, string?> NewConsumer(MockBroker mock) =>
        new(Options with { BootstrapServers = [mock.BootstrapServer], RequestTimeout = TimeSpan.FromSeconds(5) }, Deserializers.Utf8, Deserializers.Utf8, mock.Environment);
}
