using Barnabas.Broker.Sharing;
using Barnabas.Broker.Tests.Support;
using Barnabas.Coordination.Sharing;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Tests.Sharing;

public sealed class SharePartitionStateTests
{
    private static readonly SharePartitionSettings Settings = new(MaxRecordLocks: 200, DeliveryCountLimit: 5, LockDurationMs: 100, RenewEnabled: true);
    private static readonly ShareAcquisition Plenty = new(500, 500, IsExact: false);

    private readonly SharePartitionState _state = new(0, []);
    private long _nowMs;

    [Fact]
    public void Acquired_records_are_given_to_nobody_else()
    {
        Assert.Equal([new(0, 9, 1)], Acquire("a", 0, 10));
        Assert.Empty(Acquire("b", 0, 10));
        Assert.Equal(10, _state.NextFetchOffset);
    }

    [Fact]
    public void Accepted_records_move_the_start_once_they_are_written()
    {
        Acquire("a", 0, 10);
        var change = _state.Acknowledge("a", [new(0, 4, [AcknowledgementBatch.Accept])], Settings, _nowMs)!;
        Assert.Equal((0L, 5), (change.StartOffset, change.DeliveryCompleteCount));
        Assert.Equal([new(0, 4, 2, 1)], change.Batches);
        Assert.Equal(0, _state.StartOffset);
        _state.Commit(change.Id);
        Assert.Equal(5, _state.StartOffset);
    }

    [Fact]
    public void A_change_that_cannot_be_written_is_taken_back()
    {
        Acquire("a", 0, 10);
        var change = _state.Acknowledge("a", [new(0, 9, [AcknowledgementBatch.Accept])], Settings, _nowMs)!;
        _state.Rollback(change.Id, Settings.DeliveryCountLimit, _nowMs);
        Assert.NotNull(_state.Acknowledge("a", [new(0, 9, [AcknowledgementBatch.Accept])], Settings, _nowMs));
    }

    [Fact]
    public void A_change_taken_back_after_the_lock_has_ended_frees_the_records()
    {
        Acquire("a", 0, 10);
        var change = _state.Acknowledge("a", [new(0, 9, [AcknowledgementBatch.Accept])], Settings, _nowMs)!;
        _nowMs += 101;
        Assert.Null(_state.ReleaseExpired(Settings, _nowMs));
        _state.Rollback(change.Id, Settings.DeliveryCountLimit, _nowMs);
        Assert.Equal([new(0, 9, 2)], Acquire("b", 0, 10));
    }

    [Fact]
    public void Released_records_are_delivered_again_before_new_ones_until_they_were_delivered_too_often()
    {
        for (var delivery = 1; delivery <= Settings.DeliveryCountLimit; delivery++)
        {
            Assert.Equal([new(0, 0, delivery)], Acquire("a", 0, 1));
            Acknowledge("a", 0, 0, AcknowledgementBatch.ReleaseType);
        }

        Assert.Equal((1L, 1L), (_state.StartOffset, _state.NextFetchOffset));
    }

    [Fact]
    public void Ended_locks_free_the_records_at_once()
    {
        Acquire("a", 0, 10);
        _nowMs += 60;
        Assert.Null(_state.Acknowledge("a", [new(0, 4, [AcknowledgementBatch.Renew])], Settings, _nowMs));
        _nowMs += 60;
        Assert.Equal([new(5, 9, 0, 1)], _state.ReleaseExpired(Settings, _nowMs)!.Batches);
        Assert.Equal([new(5, 9, 2)], Acquire("b", 0, 10));
    }

    [Fact]
    public void Each_record_of_a_batch_can_be_told_apart()
    {
        Acquire("a", 0, 5);
        Acknowledge("a", 0, 4, AcknowledgementBatch.Accept, AcknowledgementBatch.ReleaseType, AcknowledgementBatch.Reject, AcknowledgementBatch.Gap, AcknowledgementBatch.Accept);
        Assert.Equal((1L, 1L, 3), (_state.StartOffset, _state.NextFetchOffset, _state.DeliveryCompleteCount));
        Assert.Equal([new(1, 1, 2)], Acquire("a", 0, 5));
        Acknowledge("a", 1, 1, AcknowledgementBatch.Accept);
        Assert.Equal(5, _state.StartOffset);
    }

    [Theory]
    [InlineData("b", 0, 9, ErrorCode.InvalidRecordState, "Member is not the owner of batch record")]
    [InlineData("a", 10, 12, ErrorCode.InvalidRequest, "Batch record not found. The first offset in request is past acquired records.")]
    [InlineData("a", 5, 12, ErrorCode.InvalidRequest, "Batch record not found. The last offset in request is past acquired records.")]
    public void Acknowledgements_of_what_a_member_does_not_have_are_refused(string member, long first, long last, ErrorCode code, string message)
    {
        Acquire("a", 0, 10);
        var refused = Assert.Throws<KafkaException>(() => _state.Acknowledge(member, [new(first, last, [AcknowledgementBatch.Accept])], Settings, _nowMs));
        Assert.Equal((code, message), (refused.ErrorCode, refused.Message));
        Assert.NotNull(_state.Acknowledge("a", [new(0, 9, [AcknowledgementBatch.Accept])], Settings, _nowMs));
    }

    [Fact]
    public void A_refused_batch_takes_those_before_it_back()
    {
        Acquire("a", 0, 5);
        Acquire("b", 5, 5);
        Assert.Throws<KafkaException>(() => _state.Acknowledge("a", [new(0, 4, [AcknowledgementBatch.Accept]), new(5, 9, [AcknowledgementBatch.Accept])], Settings, _nowMs));
        Assert.All(_state.Ranges, range => Assert.Equal((RecordState.Acquired, 0), (range.State, range.ChangeId)));
    }

    [Fact]
    public void No_more_records_are_locked_than_allowed()
    {
        Assert.Equal([new(0, 199, 1)], Acquire("a", 0, 200));
        Assert.False(_state.CanAcquire(Settings));
        Assert.Empty(Acquire("a", 200, 10));
        Acknowledge("a", 50, 59, AcknowledgementBatch.ReleaseType);
        Assert.True(_state.CanAcquire(Settings));
        Assert.Equal([new(50, 59, 2)], Acquire("a", 50, 160));
    }

    [Fact]
    public void A_member_that_wants_an_exact_number_gets_no_more()
    {
        Assert.Equal([new(0, 2, 1)], Acquire("a", 0, 10, new ShareAcquisition(3, 500, IsExact: true)));
        Assert.Equal([new(3, 9, 1)], Acquire("b", 0, 10));
        _state.Commit(_state.Release("a", Settings)!.Id);
        Assert.Equal([new(0, 1, 2)], Acquire("a", 0, 10, new ShareAcquisition(2, 500, IsExact: true)));
    }

    [Fact]
    public void Otherwise_the_batch_that_reaches_the_number_is_finished()
    {
        Assert.Equal([new(0, 9, 1)], _state.Acquire("a", new ShareAcquisition(3, 500, false), 0, (byte[])[.. At(0, 10), .. At(10, 10)], Settings, _nowMs));
    }

    [Fact]
    public void Records_stand_together_in_portions_of_whole_batches()
    {
        byte[] read = [.. At(0, 4), .. At(4, 4), .. At(8, 4), .. At(12, 4)];
        Assert.Equal([new(0, 7, 1), new(8, 15, 1)], _state.Acquire("a", new ShareAcquisition(500, 6, false), 0, read, Settings, _nowMs));
    }

    [Fact]
    public void The_oftener_a_batch_was_delivered_the_fewer_of_its_records_come_together()
    {
        var portions = new List<int>();
        for (var delivery = 1; delivery < Settings.DeliveryCountLimit; delivery++)
        {
            var acquired = Acquire("a", 0, 16);
            portions.Add((int)acquired.Sum(range => range.Count));
            foreach (var range in acquired)
                Acknowledge("a", range.First, range.Last, AcknowledgementBatch.ReleaseType);
            // The others follow, so that all are delivered equally often.
            while (Acquire("a", 0, 16) is { Count: > 0 } rest && rest[0].DeliveryCount == delivery)
            {
                foreach (var range in rest)
                    Acknowledge("a", range.First, range.Last, AcknowledgementBatch.ReleaseType);
            }

            foreach (var range in _state.Ranges.Where(range => range.State == RecordState.Acquired).ToList())
                Acknowledge("a", range.First, range.Last, AcknowledgementBatch.ReleaseType);
            if (delivery >= 3)
                break;
        }

        Assert.Equal(16, portions[0]);
        Assert.True(portions[^1] < portions[0], string.Join(',', portions));
    }

    [Fact]
    public void What_lay_between_written_batches_is_delivered_after_a_restart()
    {
        var state = new SharePartitionState(10, [new(10, 14, 2, 1), new(20, 24, 0, 2)]);
        Assert.Equal((15L, 15L, 25L), (state.StartOffset, state.NextFetchOffset, state.NextOffset));
        Assert.Equal([new(15, 19, 1), new(20, 24, 3)], state.Acquire("a", Plenty, 15, At(15, 10), Settings with { DeliveryCountLimit = 10 }, 0));
    }

    [Fact]
    public void Records_that_retention_took_are_forgotten()
    {
        Acquire("a", 0, 10);
        Acknowledge("a", 2, 3, AcknowledgementBatch.Accept);
        _state.MoveStart(5);
        Assert.Equal((5L, 0), (_state.StartOffset, _state.DeliveryCompleteCount));
        Assert.Null(_state.Acknowledge("a", [new(0, 4, [AcknowledgementBatch.Accept])], Settings, _nowMs));
        Acknowledge("a", 0, 9, AcknowledgementBatch.Accept);
        Assert.Equal(10, _state.StartOffset);
        _state.MoveStart(50);
        Assert.Equal((50L, 50L), (_state.StartOffset, _state.NextFetchOffset));
    }

    [Fact]
    public void Released_records_that_compaction_removed_do_not_hold_the_start_back()
    {
        Acquire("a", 0, 10);
        Acknowledge("a", 0, 9, AcknowledgementBatch.ReleaseType);
        Assert.Equal([new(10, 14, 1)], _state.Acquire("a", Plenty, 0, At(10, 5), Settings, _nowMs));
        Assert.Equal(10, _state.StartOffset);
    }

    /// <summary>Whatever members do, each record has one owner, is delivered no more often than allowed, and none is lost.</summary>
    [Fact]
    public void Every_record_is_delivered_until_it_is_done_with()
    {
        const int seed = 932;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var model = new ShareModel(new Random(random.Next()), Settings);
            for (var step = 0; step < 120; step++)
                model.Step($"seed {seed}, round {round}, step {step}");
            model.Finish($"seed {seed}, round {round}");
        }
    }

    private List<AcquiredRange> Acquire(string member, long baseOffset, int count, ShareAcquisition? request = null) =>
        _state.Acquire(member, request ?? Plenty, _state.NextFetchOffset, At(baseOffset, count), Settings, _nowMs);

    private void Acknowledge(string member, long first, long last, params sbyte[] types)
    {
        var change = _state.Acknowledge(member, [new(first, last, types)], Settings, _nowMs);
        _state.Commit(change!.Id);
    }

    internal static byte[] At(long baseOffset, int count)
    {
        var bytes = Records.Batch(Enumerable.Range(0, count).Select(i => $"{i}").ToArray());
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, baseOffset);
        return bytes;
    }
}
