using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Buffers;

/// <summary>
/// Bytes of an open file that look like memory. A socket sends them straight from the file, without a copy in between; whoever
/// touches them has them read into a pooled buffer first. The file stays open until disposal. One thread at a time.
/// </summary>
public abstract class FileMemory : MemoryManager<byte>
{
    private byte[]? _bytes;
    private bool _isDisposed;

    /// <summary>A range of an open file, which the range keeps open.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed already.</exception>
    protected FileMemory(SafeHandle handle, long position, int length)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var isHeld = false;
        handle.DangerousAddRef(ref isHeld);
        Handle = handle;
        Position = position;
        Length = length;
    }

    /// <summary>The file.</summary>
    public SafeHandle Handle { get; }

    /// <summary>Where in the file the range begins, in bytes.</summary>
    public long Position { get; }

    /// <summary>The bytes in the range.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(Length);

    /// <summary>The file behind memory, and which part of its range the memory is.</summary>
    public static bool TryGet(ReadOnlyMemory<byte> memory, [NotNullWhen(true)] out FileMemory? file, out int start, out int length) =>
        MemoryMarshal.TryGetMemoryManager(memory, out file, out start, out length);

    /// <summary>Reads part of the range.</summary>
    /// <param name="start">Where in the range it begins.</param>
    /// <param name="buffer">Is filled.</param>
    /// <exception cref="IOException">The file cannot be read, or has become shorter.</exception>
    public abstract void Read(int start, Span<byte> buffer);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_bytes is null)
        {
            var bytes = ByteArrayPool.Instance.Rent(Length);
            try
            {
                Read(0, bytes.AsSpan(0, Length));
            }
            catch
            {
                ByteArrayPool.Instance.Return(bytes);
                throw;
            }

            _bytes = bytes;
        }

        return _bytes.AsSpan(0, Length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        _ = GetSpan();
        return _bytes.AsMemory(elementIndex).Pin();
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // What Pin gave out knows how.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Handle.DangerousRelease();
        if (_bytes is not null)
            ByteArrayPool.Instance.Return(_bytes);
        _bytes = null;
    }
}
