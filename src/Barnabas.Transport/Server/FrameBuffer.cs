using System.Buffers;

namespace Barnabas.Transport.Server;

/// <summary>
/// A pooled array that the reader fills and frames share. Counted: the reader holds one reference while it fills,
/// each undisposed frame holds one, and the last release returns the array. Bytes once filled never move or change owner.
/// </summary>
internal sealed class FrameBuffer
{
    private int _references = 1;
    private byte[] _array;

    public FrameBuffer(int minimumBytes) => _array = ArrayPool<byte>.Shared.Rent(minimumBytes);

    public int Capacity => _array.Length;

    public Memory<byte> Memory => _array;

    public Span<byte> Span => _array;

    /// <summary>Whether only the reader holds it, so that it may be filled from the start again.</summary>
    public bool IsExclusive => Volatile.Read(ref _references) == 1;

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            var array = _array;
            _array = [];
            ArrayPool<byte>.Shared.Return(array);
        }
        else if (left < 0)
        {
            throw new InvalidOperationException("A frame was disposed twice.");
        }
    }
}
