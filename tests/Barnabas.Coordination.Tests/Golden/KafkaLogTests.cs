using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Golden;

/// <summary>A <c>__consumer_offsets</c> segment that Apache Kafka 4.3.1 wrote (tests/golden/GroupLog.java) is loaded.</summary>
public sealed class KafkaLogTests
{
    private static readonly TopicPartition Tp = new("__consumer_offsets", 0);

    private readonly QueueScheduler _scheduler = new();
    private readonly MemoryLogs _logs = new();

    [Fact]
    public void Every_group_of_Kafkas_log_is_there_with_its_kind_and_state()
    {
        var runtime = Load();
        var groups = Run(runtime, shard => shard.ListGroups([], []));
        Assert.Equal(
            [
                "classic-left classic Empty", "classic-stable classic Stable", "modern-left consumer Empty", "modern-stable consumer Stable",
                "share share", "simple classic Empty", "txn-committed classic Empty",
            ],
            groups.Where(group => group.GroupId != "txn-aborted").Select(group => $"{group.GroupId} {group.GroupType} {(group.GroupType == "share" ? "" : group.GroupState)}".Trim()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("classic-left", 0, 4, "note of classic-left")]
    [InlineData("classic-left", 1, 6, "")]
    [InlineData("classic-stable", 0, 4, "note of classic-stable")]
    [InlineData("modern-left", 0, 4, "note of modern-left")]
    [InlineData("modern-stable", 1, 6, "")]
    [InlineData("simple", 0, 3, "")]
    [InlineData("simple", 1, -1, "")]
    [InlineData("txn-committed", 0, 2, "")]
    [InlineData("txn-aborted", 0, -1, "")]
    [InlineData("classic-deleted", 0, -1, "")]
    public void Every_offset_of_Kafkas_log_is_there(string groupId, int partition, long offset, string metadata)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = groupId, Topics = [] };
        request.Topics.Add(new() { Name = "sensors", PartitionIndexes = [partition] });
        var answer = Run(Load(), shard => shard.FetchOffsets(request, requireStable: true)).Topics[0].Partitions[0];
        Assert.Equal((offset, metadata, ErrorCode.None), (answer.CommittedOffset, answer.Metadata, answer.ErrorCode));
    }

    [Fact]
    public void A_stable_group_of_Kafkas_log_goes_on()
    {
        var group = Assert.Single(Run(Load(), shard => shard.DescribeGroups(GroupClient.Context, ["classic-stable"])));
        var member = Assert.Single(group.Members);
        Assert.Equal(("Stable", "consumer", "instance-1"), (group.GroupState, group.ProtocolType, member.GroupInstanceId));
        Assert.False(member.MemberAssignment.IsEmpty);
        Assert.StartsWith("/", member.ClientHost);
    }

    private CoordinatorRuntime<GroupCoordinatorShard> Load()
    {
        using var stream = typeof(KafkaLogTests).Assembly.GetManifestResourceStream("consumer-offsets.log")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        foreach (var batch in RecordBatches.EnumerateComplete(bytes))
            _logs.AddBatch(batch.Bytes.ToArray());

        var topics = new TestTopics();
        var runtime = new CoordinatorRuntime<GroupCoordinatorShard>(
            new CoordinatorRuntimeOptions(-1, 5_000, 1_000, CompressionType.None), _logs, new GroupRecordSerde(),
            context => new GroupCoordinatorShard(context, ShardHarness.DefaultConfig, () => topics),
            new ManualTimeProvider(), new Random(1), _scheduler, NullLogger.Instance);
        runtime.Load(Tp, 1);
        _scheduler.RunAll();
        return runtime;
    }

    private T Run<T>(CoordinatorRuntime<GroupCoordinatorShard> runtime, Func<GroupCoordinatorShard, T> operation)
    {
        var task = runtime.ReadAsync(Tp, operation);
        _scheduler.RunAll();
        return task.Result();
    }
}
