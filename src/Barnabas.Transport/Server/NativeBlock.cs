using System.Buffers;

namespace Barnabas.Transport.Server;

/// <summary>
/// Memory outside the managed heap for one large request at a time: given back to the system at once, where an array would wait
/// for a collection or fill a pool, and enlarged without copying.
/// </summary>
internal sealed unsafe class NativeBlock : MemoryManager<byte>
{
    private byte* _bytes;
    private int _length;

    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public NativeBlock(int length)
    {
        _bytes = NativePages.Allocate((nuint)length);
        Capacity = _length = length;
    }

    /// <summary>What it takes of the system, in bytes: the most it was ever resized to.</summary>
    public int Capacity { get; private set; }

    public override Memory<byte> Memory => CreateMemory(_length);

    /// <summary>Gives it another length; slices taken before are not valid any more.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more; the block stays as it was.</exception>
    public void Resize(int length)
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        if (length > Capacity)
        {
            _bytes = NativePages.Enlarge(_bytes, (nuint)Capacity, (nuint)length);
            Capacity = length;
        }

        _length = length;
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        return new Span<byte>(_bytes, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        return new MemoryHandle(_bytes + elementIndex, default, this);
    }

    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        NativePages.Free(_bytes, (nuint)Capacity);
        _bytes = null;
        Capacity = _length = 0;
    }
}
