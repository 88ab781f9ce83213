using Barnabas.Protocol.Buffers;

namespace Barnabas.Transport.Server;

/// <summary>
/// Memory that the reader fills and frames share: a pooled array, or a block of its own where it is large. Counted: the
/// reader holds one reference while it fills, each undisposed frame holds one, and the last release gives the memory back.
/// Bytes once filled never change owner.
/// </summary>
internal sealed class FrameBuffer
{
    // The pool keeps dozens of arrays of each size: of a few large requests it would keep hundreds of MB.
    private const int LargestPooledBytes = 4 * 1024 * 1024;

    private readonly NativeBlock? _block;
    private int _references = 1;
    private byte[] _array = [];

    public FrameBuffer(int minimumBytes)
    {
        if (minimumBytes <= LargestPooledBytes)
        {
            Memory = _array = ByteArrayPool.Instance.Rent(minimumBytes);
        }
        else
        {
            _block = NativeBlockPool.Instance.Rent(minimumBytes);
            Memory = _block.Memory;
        }
    }

    public int Capacity => Memory.Length;

    public Memory<byte> Memory { get; private set; }

    public Span<byte> Span => Memory.Span;

    /// <summary>Whether only the reader holds it, so that it may be filled from the start again.</summary>
    public bool IsExclusive => Volatile.Read(ref _references) == 1;

    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Enlarges it in place; false where that cannot be done.</summary>
    public bool TryGrow(int bytes)
    {
        if (_block is null || !IsExclusive)
            return false;
        _block.Resize(bytes);
        Memory = _block.Memory;
        return true;
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            Memory = default;
            if (_block is not null)
            {
                NativeBlockPool.Instance.Return(_block);
                return;
            }

            var array = _array;
            _array = [];
            ByteArrayPool.Instance.Return(array);
        }
        else if (left < 0)
        {
            throw new InvalidOperationException("A frame was disposed twice.");
        }
    }
}
