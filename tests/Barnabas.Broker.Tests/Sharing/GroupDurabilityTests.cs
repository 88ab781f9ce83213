using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Consumer.Sharing;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Broker.Tests.Sharing;

/// <summary>
/// What share and streams groups are after the end of their broker: a clean one, or one by kill -9, after which the next
/// broker finds the files as they are at that moment.
/// </summary>
public sealed class GroupDurabilityTests : IAsyncLifetime
{
    private const string Group = "workers";
    private static readonly TopicPartition Queue = new("queue", 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-durability-").FullName;
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(Options("first"));

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_share_group_keeps_its_start_its_archived_records_and_its_delivery_counts(bool isKilled)
    {
        await FillAsync();
        var consumer = NewConsumer(_broker, ShareAcknowledgementMode.Explicit);
        consumer.Subscribe([Queue.Topic]);
        var first = await ReadAsync(consumer, 6);
        AcknowledgeType[] types = [AcknowledgeType.Accept, AcknowledgeType.Release, AcknowledgeType.Reject, AcknowledgeType.Release, AcknowledgeType.Accept, AcknowledgeType.Release];
        foreach (var (record, type) in first.Zip(types)) consumer.Acknowledge(record, type);
        Assert.All((await consumer.CommitAsync(Until())).Values, Assert.Null);

        var second = await ReadAsync(consumer, 3);
        Assert.Equal([("1", 2), ("3", 2), ("5", 2)], second.Select(Told));
        consumer.Acknowledge(second[0]);
        Assert.All((await consumer.CommitAsync(Until())).Values, Assert.Null);
        await using var broker = await EndAsync(isKilled, consumer);

        await using var next = NewConsumer(broker, ShareAcknowledgementMode.Implicit);
        next.Subscribe([Queue.Topic]);
        // A member that leaves gives its records back, which is written; what a killed broker had given out once more is not.
        var count = isKilled ? 2 : 3;
        Assert.Equal([("3", count), ("5", count)], (await ReadAsync(next, 2)).Select(Told));
        Assert.Equal([KeyValuePair.Create(Queue, default(KafkaException))], await next.CommitAsync(Until()));
        // It is written with each change as it was before that: past what was accepted and rejected before the end.
        Assert.Equal(3, await StartOffsetAsync(broker));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_streams_group_keeps_its_topology_its_members_and_their_tasks(bool isKilled)
    {
        await FillAsync();
        var joined = await BeatAsync(_broker, 0);
        Assert.Equal((ErrorCode.None, 2), (joined.ErrorCode, joined.MemberEpoch));
        Assert.Equal([0], Assert.Single(joined.ActiveTasks!).Partitions);
        var before = await DescribeAsync(_broker);
        await using var broker = await EndAsync(isKilled, null);

        var after = await DescribeAsync(broker);
        Assert.Equal(("Stable", before.GroupEpoch, before.AssignmentEpoch), (after.GroupState, after.GroupEpoch, after.AssignmentEpoch));
        Assert.Equal([Queue.Topic], Assert.Single(after.Topology!.Subtopologies!).SourceTopics);
        var member = Assert.Single(after.Members);
        Assert.Equal(("streams-1", 2, "process-1"), (member.MemberId, member.MemberEpoch, member.ProcessId));
        Assert.Equal([0], Assert.Single(member.Assignment.ActiveTasks).Partitions);
        // The member goes on as if nothing had been.
        var again = await BeatAsync(broker, 2);
        Assert.Equal((ErrorCode.None, 2), (again.ErrorCode, again.MemberEpoch));
        Assert.Null(again.ActiveTasks);
    }

    private static CancellationToken Until() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private static (string? Value, int Count) Told(ShareConsumeResult<string?, string?> result) => (result.Record.Value, result.DeliveryCount);

    private static ClientEnvironment EnvironmentOf(TestBroker broker) =>
        new() { Transport = broker.Transport, Time = TimeProvider.System, Random = new Random(5), LoggerFactory = NullLoggerFactory.Instance };

    private static ShareConsumer<string?, string?> NewConsumer(TestBroker broker, ShareAcknowledgementMode mode) => new(
        new ConsumerOptions { BootstrapServers = [broker.BootstrapServers], GroupId = Group, ShareAcknowledgementMode = mode }, Deserializers.Utf8, Deserializers.Utf8, EnvironmentOf(broker));

    private static AdminClient NewAdmin(TestBroker broker) => new(new AdminClientOptions { BootstrapServers = [broker.BootstrapServers] }, EnvironmentOf(broker));

    private static async Task<List<ShareConsumeResult<string?, string?>>> ReadAsync(ShareConsumer<string?, string?> consumer, int count)
    {
        var records = new List<ShareConsumeResult<string?, string?>>();
        var until = Until();
        while (records.Count < count) records.AddRange(await consumer.PollAsync(TimeSpan.FromSeconds(1), until));
        return records;
    }

    private static async Task<long> StartOffsetAsync(TestBroker broker)
    {
        await using var admin = NewAdmin(broker);
        var offsets = await admin.ListShareGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [Group] = null }, cancellationToken: Until());
        return offsets[Group].Value[Queue].StartOffset;
    }

    private static async Task<TResponse> AskAsync<TResponse>(TestBroker broker, IRequest<TResponse> request)
        where TResponse : IResponse, new()
    {
        await using var cluster = new ClusterClient(
            new ConsumerOptions { BootstrapServers = [broker.BootstrapServers] }, new ClusterMetadataOptions { AllowAutoTopicCreation = false }, EnvironmentOf(broker));
        return await (await cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, Group, Until())).SendAsync(request, Until());
    }

    private static async Task<StreamsGroupDescribeResponse.DescribedGroup> DescribeAsync(TestBroker broker)
    {
        var until = Until();
        while (true)
        {
            var group = (await AskAsync(broker, new StreamsGroupDescribeRequest { GroupIds = [Group] })).Groups[0];
            if (group.ErrorCode is ErrorCode.None) return group;
            Assert.Equal(ErrorCode.CoordinatorLoadInProgress, group.ErrorCode);
            until.ThrowIfCancellationRequested();
        }
    }

    private static async Task<StreamsGroupHeartbeatResponse> BeatAsync(TestBroker broker, int epoch) => await AskAsync(broker, new StreamsGroupHeartbeatRequest
    {
        GroupId = Group,
        MemberId = "streams-1",
        MemberEpoch = epoch,
        RebalanceTimeoutMs = epoch == 0 ? 60_000 : -1,
        ProcessId = epoch == 0 ? "process-1" : null,
        Topology = epoch == 0 ? new() { Epoch = 1, Subtopologies = [new() { SubtopologyId = "0", SourceTopics = [Queue.Topic] }] } : null,
        ActiveTasks = epoch == 0 ? [] : [new() { SubtopologyId = "0", Partitions = [0] }],
        StandbyTasks = [],
        WarmupTasks = [],
    });

    private TestBrokerOptions Options(string name) => TestBrokerOptions.Default with
    {
        InMemory = true,
        LogDirectory = Path.Combine(_folder, name),
        Properties = new Dictionary<string, string> { ["group.streams.initial.rebalance.delay.ms"] = "0" },
    };

    private async Task FillAsync()
    {
        await using var admin = NewAdmin(_broker);
        _ = (await admin.CreateTopicsAsync([new NewTopic { Name = Queue.Topic, PartitionCount = 1, ReplicationFactor = 1 }], cancellationToken: Until()))[Queue.Topic].Value;
        var group = new ConfigResource(ConfigResourceType.Group, Group);
        var changes = new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [group] = [new AlterConfig("share.auto.offset.reset", AlterConfigOperation.Set, "earliest")] };
        _ = (await admin.IncrementalAlterConfigsAsync(changes, cancellationToken: Until()))[group].Value;
        await using var producer = new Producer<string?, string?>(new ProducerOptions { BootstrapServers = [_broker.BootstrapServers] }, Serializers.Utf8, Serializers.Utf8, EnvironmentOf(_broker));
        for (var number = 0; number < 6; number++) await producer.ProduceAsync(new(Queue.Topic, null, $"{number}"));
    }

    /// <summary>The broker after the end of the first one.</summary>
    private async Task<TestBroker> EndAsync(bool isKilled, ShareConsumer<string?, string?>? consumer)
    {
        if (!isKilled)
        {
            if (consumer is not null) await consumer.DisposeAsync();
            await _broker.DisposeAsync();
            return await TestBroker.StartAsync(Options("first"));
        }

        CopyFolder(Path.Combine(_folder, "first"), Path.Combine(_folder, "second"));
        if (consumer is not null) await consumer.DisposeAsync();
        return await TestBroker.StartAsync(Options("second"));
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from).Where(file => Path.GetFileName(file) != ".lock")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
