using Barnabas.Protocol;
using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

public sealed class ProducerStateTests : IDisposable
{
    private readonly StorageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_last_five_batches_sent_again_are_answered_with_their_old_offsets()
    {
        using var log = _fixture.Open();
        for (var i = 0; i < 7; i++)
            Append(log, sequence: i * 2, values: 2);
        for (var i = 2; i < 7; i++)
        {
            var info = Append(log, sequence: i * 2, values: 2);
            Assert.True(info.IsDuplicate);
            Assert.Equal((i * 2L, i * 2L + 1), (info.FirstOffset, info.LastOffset));
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Refused(log, sequence: 2, values: 2));
        Assert.Equal(14, log.LogEndOffset);
    }

    [Fact]
    public void A_gap_in_the_sequence_is_refused()
    {
        using var log = _fixture.Open();
        Append(log, 0);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Refused(log, 2));
        Append(log, 1);
    }

    [Fact]
    public void An_older_epoch_is_refused_and_a_newer_one_begins_at_zero()
    {
        using var log = _fixture.Open();
        Append(log, 0, epoch: 3);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Refused(log, 1, epoch: 2));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Refused(log, 1, epoch: 4));
        Append(log, 0, epoch: 4);
    }

    [Fact]
    public void Sequences_wrap_around_at_the_largest_int()
    {
        using var log = _fixture.Open();
        Append(log, int.MaxValue - 1, values: 2);
        Append(log, 0);
        Assert.True(Append(log, int.MaxValue - 1, values: 2).IsDuplicate);
    }

    [Fact]
    public void Idle_producers_are_forgotten()
    {
        using var log = _fixture.Open();
        Append(log, 0);
        _fixture.Time.Advance(TimeSpan.FromDays(2));
        log.RemoveExpiredProducers();
        Assert.Empty(log.ActiveProducers());
        Append(log, 17);
    }

    [Fact]
    public void State_survives_a_clean_restart_and_an_unclean_one()
    {
        var log = _fixture.Open();
        for (var i = 0; i < 60; i++)
            Append(log, i);
        Assert.True(log.SegmentCount > 1);
        log.Close();
        using var clean = _fixture.Open(null, new LogOpenOptions(HadCleanShutdown: true));
        Assert.True(Append(clean, 59).IsDuplicate);
        Append(clean, 60);
        clean.Dispose();
        using var unclean = _fixture.Open();
        Assert.Equal(60, Assert.Single(unclean.ActiveProducers()).LastSequence);
        Append(unclean, 61);
    }

    private LogAppendInfo Append(UnifiedLog log, int sequence, short epoch = 0, int values = 1) =>
        log.AppendAsLeader(Batch(sequence, epoch, values), 0);

    private ErrorCode Refused(UnifiedLog log, int sequence, short epoch = 0, int values = 1) =>
        Assert.ThrowsAny<KafkaException>(() => Append(log, sequence, epoch, values)).ErrorCode;

    private Memory<byte> Batch(int sequence, short epoch, int values) =>
        Batches.Idempotent(5, epoch, sequence, false, _fixture.Time.NowMs, Enumerable.Range(0, values).Select(static i => $"v{i}").ToArray());
}
