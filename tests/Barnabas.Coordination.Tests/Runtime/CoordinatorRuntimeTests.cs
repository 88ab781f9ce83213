using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Runtime;

public sealed class CoordinatorRuntimeTests
{
    private static readonly TopicPartition Tp = new("__consumer_offsets", 0);

    private readonly QueueScheduler _scheduler = new();
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryLogs _logs = new();
    private readonly List<CountingShard> _shards = [];

    [Fact]
    public void An_answer_leaves_when_its_records_are_committed()
    {
        var runtime = Loaded();
        _logs.HoldsHighWatermark = true;
        var write = runtime.WriteAsync(Tp, shard => shard.Add("a"));
        _scheduler.RunAll();
        Assert.Equal(1, _logs.AppendCount);
        Assert.False(write.IsCompleted);

        _logs.Commit();
        _scheduler.RunAll();
        Assert.Equal("a", write.Result());
    }

    [Fact]
    public void A_read_waits_until_what_it_saw_is_committed()
    {
        var runtime = Loaded();
        _logs.HoldsHighWatermark = true;
        runtime.WriteAsync(Tp, shard => shard.Add("a"));
        var read = runtime.ReadAsync(Tp, shard => shard.Groups.Count());
        _scheduler.RunAll();
        Assert.False(read.IsCompleted);
        _logs.Commit();
        _scheduler.RunAll();
        Assert.Equal(1, read.Result());
        Assert.Equal(1, Run(runtime.ReadAsync(Tp, shard => shard.Groups.Count())));
    }

    [Fact]
    public void What_is_queued_together_is_written_together()
    {
        var runtime = Loaded();
        var writes = Enumerable.Range(0, 100).Select(i => runtime.WriteAsync(Tp, shard => shard.Add($"{i}"))).ToList();
        _scheduler.RunAll();
        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.Equal(1, _logs.AppendCount);
        Assert.Equal(99, _shards[0].OffsetOf("99"));
    }

    [Fact]
    public void A_linger_gathers_records_until_its_time()
    {
        var runtime = Loaded(lingerMs: 10);
        var first = runtime.WriteAsync(Tp, shard => shard.Add("a"));
        _scheduler.RunAll();
        _time.Advance(5);
        var second = runtime.WriteAsync(Tp, shard => shard.Add("b"));
        _scheduler.RunAll();
        Assert.Equal(0, _logs.AppendCount);
        _time.Advance(5);
        _scheduler.RunAll();
        Assert.Equal(1, _logs.AppendCount);
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_batch_never_exceeds_what_the_topic_takes()
    {
        _logs.MaxBatchBytes = 500;
        var runtime = Loaded();
        var writes = Enumerable.Range(0, 50).Select(i => runtime.WriteAsync(Tp, shard => shard.Add($"group-{i}"))).ToList();
        _scheduler.RunAll();
        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.All(_logs.Batches, batch => Assert.True(batch.Length <= 500));
        Assert.True(_logs.AppendCount > 1);
    }

    [Fact]
    public void An_operation_whose_records_fit_no_batch_fails_and_changes_nothing()
    {
        _logs.MaxBatchBytes = 500;
        var runtime = Loaded();
        AssertFails(ErrorCode.RecordListTooLarge, runtime.WriteAsync(Tp, shard => shard.Add([.. Enumerable.Range(0, 50).Select(i => $"{i}")])));
        Assert.Empty(_shards[0].Groups);
    }

    [Fact]
    public void A_result_that_need_not_be_whole_is_split()
    {
        _logs.MaxBatchBytes = 500;
        var runtime = Loaded();
        var write = runtime.WriteAsync(Tp, _ => new CoordinatorResult<bool>([.. Enumerable.Range(0, 50).Select(i => CountingShard.Record($"{i}"))], true) { IsAtomic = false });
        Assert.True(Run(write));
        Assert.Equal(50, _shards[0].Groups.Count());
    }

    [Fact]
    public void A_failed_append_takes_back_everything_it_carried_and_fails_who_waits()
    {
        var runtime = Loaded();
        Run(runtime.WriteAsync(Tp, shard => shard.Add("kept")));
        _logs.AppendError = ErrorCode.NotEnoughReplicas;
        var first = runtime.WriteAsync(Tp, shard => shard.Add("kept", "a"));
        var read = runtime.ReadAsync(Tp, shard => shard.Groups.Count());
        AssertFails(ErrorCode.NotEnoughReplicas, first);
        AssertFails(ErrorCode.NotEnoughReplicas, read);
        Assert.Equal(["kept"], _shards[0].Groups);
        Assert.Equal(0, _shards[0].OffsetOf("kept"));

        _logs.AppendError = null;
        Run(runtime.WriteAsync(Tp, shard => shard.Add("b")));
        Assert.Equal(1, _shards[0].OffsetOf("b"));
    }

    [Fact]
    public void An_answer_that_is_not_committed_in_time_fails()
    {
        var runtime = Loaded();
        _logs.HoldsHighWatermark = true;
        var write = runtime.WriteAsync(Tp, shard => shard.Add("a"));
        _scheduler.RunAll();
        _time.Advance(4_999);
        _scheduler.RunAll();
        Assert.False(write.IsCompleted);
        _time.Advance(1);
        AssertFails(ErrorCode.RequestTimedOut, write);
    }

    [Fact]
    public void The_log_is_replayed_when_the_partition_is_elected()
    {
        Run(Loaded().WriteAsync(Tp, shard => shard.Add("a", "b")));
        var second = Loaded();
        Assert.Equal(["a", "b"], Run(second.ReadAsync(Tp, shard => shard.Groups.ToArray())));
    }

    [Fact]
    public void A_tombstone_is_a_tombstone_after_a_reload_too()
    {
        var runtime = Loaded();
        Run(runtime.WriteAsync(Tp, shard => shard.Add("a", "b")));
        Run(runtime.WriteAsync(Tp, _ => new CoordinatorResult<bool>([CoordinatorRecord.Tombstone(CountingShard.Record("a").Key)], true)));
        Assert.Equal(["b"], Run(runtime.ReadAsync(Tp, shard => shard.Groups.ToArray())));
        Assert.Equal(["b"], Run(Loaded().ReadAsync(Tp, shard => shard.Groups.ToArray())));
    }

    [Fact]
    public void Requests_meet_a_loading_shard_with_load_in_progress()
    {
        for (var i = 0; i < 3; i++)
            Run(Loaded().WriteAsync(Tp, shard => shard.Add($"{i}")));
        var runtime = NewRuntime();
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("x")));
        runtime.Load(Tp, 1);
        var early = runtime.WriteAsync(Tp, shard => shard.Add("x"));
        AssertFails(ErrorCode.CoordinatorLoadInProgress, early);
        Assert.Equal(3, Run(runtime.ReadAsync(Tp, shard => shard.Groups.Count())));
    }

    [Fact]
    public void A_shard_whose_log_cannot_be_read_is_no_coordinator_until_the_next_election()
    {
        Run(Loaded().WriteAsync(Tp, shard => shard.Add("a")));
        _logs.ReadError = ErrorCode.KafkaStorageError;
        var runtime = Loaded();
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("x")));
        _logs.ReadError = null;
        runtime.Load(Tp, 1);
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("x")));
        runtime.Load(Tp, 2);
        _scheduler.RunAll();
        Assert.Equal("x", Run(runtime.WriteAsync(Tp, shard => shard.Add("x"))));
    }

    [Fact]
    public void A_resignation_fails_who_waits_and_later_requests()
    {
        var runtime = Loaded();
        _logs.HoldsHighWatermark = true;
        var write = runtime.WriteAsync(Tp, shard => shard.Add("a"));
        _scheduler.RunAll();
        runtime.Unload(Tp, 1);
        _scheduler.RunAll();
        Assert.False(write.IsCompleted);
        runtime.Unload(Tp, 2);
        AssertFails(ErrorCode.NotCoordinator, write);
        Assert.True(_shards[0].IsUnloaded);
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("b")));
    }

    [Fact]
    public void A_partition_that_comes_back_is_loaded_again()
    {
        var runtime = Loaded();
        Run(runtime.WriteAsync(Tp, shard => shard.Add("a")));
        runtime.Unload(Tp, null);
        _scheduler.RunAll();
        runtime.Load(Tp, 5);
        _scheduler.RunAll();
        Assert.Equal(1, Run(runtime.ReadAsync(Tp, shard => shard.Groups.Count())));
    }

    [Fact]
    public void A_partition_that_comes_back_before_its_resignation_is_done_is_loaded_all_the_same()
    {
        var runtime = Loaded();
        Run(runtime.WriteAsync(Tp, shard => shard.Add("a")));
        runtime.Unload(Tp, 2);
        runtime.Load(Tp, 3);
        _scheduler.RunAll();
        Assert.Equal(1, Run(runtime.ReadAsync(Tp, shard => shard.Groups.Count())));
    }

    [Fact]
    public void Someone_elses_write_makes_the_shard_replay_its_log()
    {
        var runtime = Loaded();
        using var foreign = new CoordinatorBatch(CompressionType.None, long.MaxValue);
        foreign.Add(CoordinatorBatch.Serialize([CountingShard.Record("foreign")], 0, 1)[0], 1);
        _logs.AddBatch(foreign.Build().ToArray());
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("a")));
        Assert.Equal(["foreign", "a"], Run(runtime.ReadAsync(Tp, shard => shard.Groups.ToArray())));
    }

    [Fact]
    public void An_event_that_breaks_off_makes_the_shard_replay_its_log()
    {
        var runtime = Loaded();
        Run(runtime.WriteAsync(Tp, shard => shard.Add("a")));
        AssertFails(ErrorCode.NotCoordinator, runtime.WriteAsync(Tp, shard => shard.Add("b", "poison")));
        Assert.Equal(["a"], Run(runtime.ReadAsync(Tp, shard => shard.Groups.ToArray())));
    }

    [Fact]
    public void Errors_of_operations_reach_their_callers_alone()
    {
        var runtime = Loaded();
        AssertFails(ErrorCode.IllegalGeneration, runtime.WriteAsync<string>(Tp, _ => throw new KafkaException(ErrorCode.IllegalGeneration)));
        var broken = runtime.WriteAsync<string>(Tp, _ => throw new InvalidOperationException("bug"));
        _scheduler.RunAll();
        Assert.IsType<InvalidOperationException>(broken.Exception!.InnerException);
        Assert.Equal("a", Run(runtime.WriteAsync(Tp, shard => shard.Add("a"))));
    }

    [Fact]
    public void Timers_run_on_the_shard_and_write_like_requests()
    {
        var runtime = Loaded();
        Run(runtime.ReadAsync(Tp, shard =>
        {
            shard.Context.Timer.Schedule("t", 100, () => new CoordinatorResult([CountingShard.Record("timed")]));
            shard.Context.Timer.Schedule("bad", 100, () => throw new InvalidOperationException("bug"));
            return true;
        }));
        _time.Advance(99);
        _scheduler.RunAll();
        Assert.Empty(_shards[0].Groups);
        _time.Advance(1);
        _scheduler.RunAll();
        Assert.Equal(["timed"], _shards[0].Groups);
        Assert.Equal(1, _logs.AppendCount);
    }

    [Fact]
    public void Transactions_control_batches_and_unknown_records_are_met_on_loading()
    {
        _logs.AddBatch(new EndTransactionMarker(true, 0).BuildBatch(0, 1, 0, 42, 0));
        _logs.AddBatch(new EndTransactionMarker(false, 0).BuildBatch(0, 1, 0, 43, 0));
        using var unknown = new RecordBatchBuilder(RecordBatchOptions.Default);
        unknown.Append(1, new byte[] { 0x7F, 0x7F, 1, 2 }, new byte[] { 0, 0 });
        unknown.Append(1, null, new byte[] { 0, 0 });
        _logs.AddBatch(unknown.Build().ToArray());
        var runtime = Loaded();
        Assert.Equal("a", Run(runtime.WriteAsync(Tp, shard => shard.Add("a"))));
        Assert.Equal([(42L, true), (43L, false)], _shards[0].Markers);
        Assert.Equal(4, _shards[0].OffsetOf("a"));
    }

    private CoordinatorRuntime<CountingShard> NewRuntime(int lingerMs = -1) => new(
        new CoordinatorRuntimeOptions(lingerMs, 5_000, 1_000, CompressionType.None),
        _logs, new GroupRecordSerde(),
        context =>
        {
            var shard = new CountingShard(context);
            _shards.Add(shard);
            return shard;
        },
        _time, new Random(1), _scheduler, NullLogger.Instance);

    private CoordinatorRuntime<CountingShard> Loaded(int lingerMs = -1)
    {
        var runtime = NewRuntime(lingerMs);
        runtime.Load(Tp, 1);
        _scheduler.RunAll();
        return runtime;
    }

    private T Run<T>(Task<T> task)
    {
        _scheduler.RunAll();
        return task.Result();
    }

    private void AssertFails<T>(ErrorCode expected, Task<T> task)
    {
        _scheduler.RunAll();
        Assert.True(task.IsFaulted, $"Expected {expected}, but the task is {task.Status}.");
        Assert.Equal(expected, Assert.IsType<KafkaException>(task.Exception!.InnerException).ErrorCode);
    }
}
