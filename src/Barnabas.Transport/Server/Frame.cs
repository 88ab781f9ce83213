namespace Barnabas.Transport.Server;

/// <summary>
/// The bytes of one request without its length prefix, in pooled memory. Whoever holds it last disposes it, once;
/// slices of <see cref="Memory"/> are valid until then.
/// </summary>
public readonly struct Frame : IDisposable
{
    private readonly FrameBuffer? _buffer;

    internal Frame(FrameBuffer buffer, int offset, int length)
    {
        _buffer = buffer;
        buffer.AddReference();
        Memory = buffer.Memory.Slice(offset, length);
    }

    /// <summary>The request, from its header on. Writable: a broker sets base offsets in place.</summary>
    public Memory<byte> Memory { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _buffer?.Release();
}
