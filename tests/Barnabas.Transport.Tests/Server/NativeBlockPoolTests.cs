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

    private void Keep(params int[] sizes)
    {
        foreach (var size in sizes)
            _pool.Return(new NativeBlock(size));
    }
}
