using System.Numerics;

namespace Barnabas.Storage.Segments;

/// <summary>
/// The buffers of tail chunks, in sizes that are powers of two. Not the shared pool, which goes on holding what it once
/// lent: all of this one can be left to the collector. Called under the budget's lock.
/// </summary>
internal sealed class TailBuffers
{
    private const int SmallestBytes = 4 * 1024;

    private readonly List<Stack<byte[]>> _free = [];
    private bool _isRented;

    /// <summary>A buffer of at least that size. The collector does not move it: it lives for seconds, and is copied around otherwise.</summary>
    public byte[] Rent(int bytes)
    {
        _isRented = true;
        var size = SizeOf(bytes);
        return size < _free.Count && _free[size].TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(SmallestBytes << size, pinned: true);
    }

    public void Return(byte[] buffer)
    {
        var size = SizeOf(buffer.Length);
        while (_free.Count <= size)
            _free.Add(new Stack<byte[]>());
        _free[size].Push(buffer);
    }

    /// <summary>Forgets all that are free where none was needed since the last call.</summary>
    public void Trim()
    {
        if (!_isRented)
            _free.Clear();
        _isRented = false;
    }

    private static int SizeOf(int bytes) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, SmallestBytes)) / SmallestBytes);
}
