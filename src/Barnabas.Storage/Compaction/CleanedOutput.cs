using Barnabas.Protocol.Buffers;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Compaction;

/// <summary>Gathers batches and writes them to a segment in large pieces. One thread; disposal gives the memory back and writes nothing.</summary>
internal sealed class CleanedOutput(LogSegment segment, int bufferBytes, int indexIntervalBytes, LogServices services) : IDisposable
{
    private byte[] _buffer = ByteArrayPool.Instance.Rent(bufferBytes);
    private int _filled;

    public void Write(ReadOnlySpan<byte> batch)
    {
        if (_filled + batch.Length > _buffer.Length)
            Flush();
        if (batch.Length > _buffer.Length)
        {
            segment.Append(batch, indexIntervalBytes, services.NowMs);
            return;
        }
        batch.CopyTo(_buffer.AsSpan(_filled));
        _filled += batch.Length;
    }

    public void Flush()
    {
        if (_filled > 0)
            segment.Append(_buffer.AsSpan(0, _filled), indexIntervalBytes, services.NowMs);
        _filled = 0;
    }

    public void Dispose()
    {
        ByteArrayPool.Instance.Return(_buffer);
        _buffer = [];
    }
}
