using Barnabas.Cli.Server.Memory;
using Barnabas.Testing;
using Xunit;

namespace Barnabas.Cli.Tests.Server;

public sealed class IdleMemoryTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly Memory _memory = new() { ResidentBytes = 100 * Megabyte, AllocatedBytes = 50 * Megabyte };
    private readonly IdleMemory _idle;

    public IdleMemoryTests() => _idle = new IdleMemory(_memory, _time);

    public void Dispose() => _idle.Dispose();

    [Fact]
    public void A_node_that_does_nothing_gives_memory_back_once()
    {
        Pass(periods: 20, allocatedInEach: Megabyte / 2);
        Assert.Equal(1, _memory.Trims);
    }

    [Fact]
    public void A_node_under_load_is_left_alone()
    {
        Pass(periods: 20, allocatedInEach: 100 * Megabyte);
        Assert.Equal(0, _memory.Trims);
    }

    [Fact]
    public void A_node_that_works_a_little_without_allocating_is_left_alone()
    {
        Pass(periods: 20, allocatedInEach: Megabyte / 2, worksInEach: TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, _memory.Trims);
        Pass(periods: 5, allocatedInEach: Megabyte / 2, worksInEach: TimeSpan.FromMilliseconds(60));
        Assert.Equal(1, _memory.Trims);
    }

    [Fact]
    public void A_node_that_takes_records_is_left_alone_however_little_work_that_is()
    {
        var records = 0L;
        using var broker = new IdleMemory(_memory, _time, recordsAppended: () => records += 1000);
        _idle.Dispose();
        Pass(periods: 20, allocatedInEach: 0);
        Assert.Equal(0, _memory.Trims);
    }

    [Fact]
    public void A_few_commits_of_waiting_consumers_are_no_load()
    {
        var records = 0L;
        using var broker = new IdleMemory(_memory, _time, recordsAppended: () => records += 40);
        _idle.Dispose();
        Pass(periods: 5, allocatedInEach: 0);
        Assert.Equal(1, _memory.Trims);
    }

    [Fact]
    public void After_more_load_memory_is_given_back_again()
    {
        Pass(periods: 5, allocatedInEach: 0);
        _memory.ResidentBytes += 50 * Megabyte;
        Pass(periods: 5, allocatedInEach: 100 * Megabyte);
        Assert.Equal(1, _memory.Trims);
        Pass(periods: 5, allocatedInEach: 0);
        Assert.Equal(2, _memory.Trims);
    }

    [Fact]
    public void What_is_worth_a_pause_is_for_the_owner_to_say()
    {
        using var eager = new IdleMemory(_memory, _time, 2 * Megabyte);
        _idle.Dispose();
        Pass(periods: 5, allocatedInEach: 0);
        _memory.ResidentBytes += 2 * Megabyte;
        Pass(periods: 5, allocatedInEach: 0);
        Assert.Equal(1, _memory.Trims);
        _memory.ResidentBytes += Megabyte;
        Pass(periods: 5, allocatedInEach: 0);
        Assert.Equal(2, _memory.Trims);
    }

    [Fact]
    public void A_few_megabytes_are_not_worth_a_pause()
    {
        Pass(periods: 5, allocatedInEach: 0);
        _memory.ResidentBytes += 4 * Megabyte;
        Pass(periods: 5, allocatedInEach: 100 * Megabyte);
        Pass(periods: 5, allocatedInEach: 0);
        Assert.Equal(1, _memory.Trims);
    }

    private void Pass(int periods, long allocatedInEach, TimeSpan worksInEach = default)
    {
        for (var i = 0; i < periods; i++)
        {
            _memory.AllocatedBytes += allocatedInEach;
            _memory.ProcessorTime += worksInEach;
            _time.Advance(IdleMemory.Period);
        }
    }

    private sealed class Memory : IProcessMemory
    {
        public long AllocatedBytes { get; set; }

        public TimeSpan ProcessorTime { get; set; }

        public long ResidentBytes { get; set; }

        public int Trims { get; private set; }

        public void Trim()
        {
            Trims++;
            ResidentBytes -= 20 * Megabyte;
        }
    }
}
