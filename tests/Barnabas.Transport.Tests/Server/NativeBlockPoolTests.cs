using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

/// <summary>What is kept of large requests for the next ones.</summary>
public sealed class NativeBlockPoolTests
{
    private readonly NativeBlockPool _pool = new(mostBytes: 1000);

    [Fact]
    public void The_smallest_block_that_is_large_enough_is_taken_again_and_has_the_length_asked_for()
    {
        Keep(300, 100, 200);
        var block = _pool.Rent(150);
        Assert.Equal((150, 200), (block.Memory.Length, block.Capacity));
        Assert.Equal(400, _pool.KeptBytes);
    }

    [Fact]
    public void The_largest_block_is_enlarged_and_keeps_its_bytes_where_none_is_large_enough()
    {
        var marked = _pool.Rent(300);
        marked.Memory.Span.Fill(7);
        _pool.Return(marked);
        Keep(100);
        var block = _pool.Rent(500);
        Assert.Equal((500, 500), (block.Memory.Length, block.Capacity));
        Assert.Equal(-1, block.Memory.Span[..300].IndexOfAnyExcept((byte)7));
        Assert.Equal(100, _pool.KeptBytes);
    }

    [Fact]
    public void What_would_be_too_much_goes_back_to_the_system()
    {
        Keep(600, 400);
        var block = new NativeBlock(1);
        _pool.Return(block);
        Assert.Equal(1000, _pool.KeptBytes);
        Assert.Throws<ObjectDisposedException>(() => block.GetSpan().Length);
    }

    [Fact]
    public void A_block_counts_with_all_that_it_takes_though_less_of_it_was_used()
    {
        Keep(800);
        _pool.Return(_pool.Rent(10));
        Assert.Equal(800, _pool.KeptBytes);
    }

    [Fact]
    public void An_idle_node_gives_all_of_it_back()
    {
        Keep(100, 200);
        var rented = _pool.Rent(50);
        _pool.Trim();
        Assert.Equal(0, _pool.KeptBytes);
        Assert.Equal(50, rented.Memory.Length);
        _pool.Return(rented);
        Assert.Equal(100, _pool.KeptBytes);
    }

    [Fact]
    public void A_block_of_megabytes_grows_again_and_again_and_keeps_its_bytes()
    {
        using var block = new NativeBlock(5_000_001);
        var filled = 0;
        foreach (var size in new[] { 9_000_000, 20_000_003, 40_000_000 })
        {
            block.Memory.Span[filled..].Fill((byte)(size / 1_000_000));
            filled = block.Memory.Length;
            block.Resize(size);
        }

        var bytes = block.Memory.Span;
        Assert.Equal(-1, bytes[..5_000_001].IndexOfAnyExcept((byte)9));
        Assert.Equal(-1, bytes[5_000_001..9_000_000].IndexOfAnyExcept((byte)20));
        Assert.Equal(-1, bytes[9_000_000..20_000_003].IndexOfAnyExcept((byte)40));
    }

    [Fact]
    public void Memory_that_the_system_does_not_have_is_refused_and_the_block_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems promise more than they have");
        unsafe
        {
            var pages = NativePages.Allocate(4096);
            pages[0] = 7;
            Assert.Throws<OutOfMemoryException>(() => { NativePages.Enlarge(pages, 4096, nuint.MaxValue / 2); });
            Assert.Equal(7, pages[0]);
            NativePages.Free(pages, 4096);
        }
    }

    private void Keep(params int[] sizes)
    {
        foreach (var size in sizes)
            _pool.Return(new NativeBlock(size));
    }
}
