using Barnabas.Storage.Tests.Support;

namespace Barnabas.Storage.Tests;

/// <summary>Large reads tell the disk what comes next, so that it works while what was read is sent.</summary>
public sealed class ReadAheadTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;
    private const int BatchBytes = 100 * 1024;
    private const int ReadBytes = Megabyte;

    private readonly StorageFixture _fixture = new();
    private readonly List<(long From, long To)> _asked = [];

    public ReadAheadTests() => _fixture.Disk.Advised = (path, position, length) =>
    {
        Assert.EndsWith("00000000000000000000.log", path, StringComparison.Ordinal);
        Assert.True(length > 0);
        _asked.Add((position, position + length));
    };

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_first_read_asks_for_itself_alone()
    {
        using var log = Filled(batches: 100);
        Read(log, offset: 0);
        Assert.Equal([(0, ReadBytes)], _asked);
    }

    [Fact]
    public void Who_reads_on_is_read_ahead_for_in_a_few_large_steps_and_each_byte_once()
    {
        using var log = Filled(batches: 200);
        var (offset, reads) = (0L, 0);
        for (; offset < log.LogEndOffset; reads++)
            offset = Read(log, offset);

        var size = log.Segments[0].Size;
        Assert.Equal(0, _asked[0].From);
        Assert.Equal(size, _asked[^1].To);
        Assert.All(_asked.Zip(_asked.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.InRange(_asked.Count, 1, 2 + (size / (4 * Megabyte)));
        Assert.True(reads > 3 * _asked.Count, $"{reads} reads asked {_asked.Count} times");
    }

    [Fact]
    public void What_is_being_read_was_asked_for_megabytes_before()
    {
        using var log = Filled(batches: 200);
        var offset = Read(log, Read(log, offset: 0));
        while (offset < log.LogEndOffset)
        {
            var position = log.OffsetMetadata(offset).RelativePosition;
            Assert.True(_asked[^1].To >= Math.Min(position + ReadBytes, log.Segments[0].Size), $"position {position} is read before it was asked for");
            offset = Read(log, offset);
        }
    }

    [Fact]
    public void Who_jumps_is_not_read_ahead_for()
    {
        using var log = Filled(batches: 100);
        Read(log, offset: 0);
        Read(log, offset: 70);
        Assert.Equal(ReadBytes, _asked[1].To - _asked[1].From);
    }

    [Fact]
    public void Small_reads_ask_for_nothing()
    {
        using var log = Filled(batches: 10);
        log.Read(0, BatchBytes * 2, FetchIsolation.LogEnd, minOneMessage: true).Dispose();
        Assert.Empty(_asked);
    }

    private static long Read(UnifiedLog log, long offset)
    {
        using var data = log.Read(offset, ReadBytes, FetchIsolation.LogEnd, minOneMessage: true);
        return data.NextOffset;
    }

    private UnifiedLog Filled(int batches)
    {
        var log = _fixture.Open(new LogConfig { SegmentBytes = 64 * Megabyte, SegmentIndexBytes = Megabyte });
        var value = new string('x', BatchBytes);
        for (var i = 0; i < batches; i++)
            log.AppendAsLeader(Batches.Of(value), 0);
        return log;
    }
}
