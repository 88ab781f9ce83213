using Barnabas.Protocol.Compression;

namespace Barnabas.Client.Producer;

/// <summary>Where a thread serializes a key and a value before they are copied into their batch.</summary>
internal sealed class SerializationScratch
{
    private const int InitialBytes = 1024;
    private const int KeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static SerializationScratch? _ofThread;

    public PooledBuffer Key { get; private set; } = NewBuffer();

    public PooledBuffer Value { get; private set; } = NewBuffer();

    /// <summary>Takes the thread's scratch; a serializer that itself produces gets another.</summary>
    public static SerializationScratch Take()
    {
        var scratch = _ofThread ?? new SerializationScratch();
        _ofThread = null;
        return scratch;
    }

    public void GiveBack()
    {
        if (Key.WrittenBytes > KeptBytes)
            Key = Renewed(Key);
        if (Value.WrittenBytes > KeptBytes)
            Value = Renewed(Value);
        Key.Clear();
        Value.Clear();
        _ofThread = this;
    }

    private static PooledBuffer NewBuffer() => new(BufferPool.Shared, InitialBytes, Array.MaxLength);

    private static PooledBuffer Renewed(PooledBuffer large)
    {
        large.Dispose();
        return NewBuffer();
    }
}
