using System.Collections.Concurrent;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Requests;

/// <summary>A written response with its length prefix and whatever its spliced bytes belong to. Pooled: the connection's write loop disposes it once.</summary>
internal sealed class ResponseFrame : IOutgoingFrame
{
    private const int MaxPooled = 256;
    private const int MaxKeptBytes = 4 * 1024 * 1024;
    private static readonly ConcurrentQueue<ResponseFrame> Pool = new();
    private static int pooled;

    private readonly MessageWriter _writer = new();
    private readonly ResponseHeader _header = new();
    private List<IDisposable>? _owners;

    public long LengthInBytes => _writer.WrittenLength;

    public static ResponseFrame Create(int correlationId, IResponse response, short version, short headerVersion, List<IDisposable>? owners)
    {
        if (Pool.TryDequeue(out var frame))
            Interlocked.Decrement(ref pooled);
        else
            frame = new ResponseFrame();
        frame._owners = owners;
        try
        {
            var mark = frame._writer.BeginFrame();
            frame._header.CorrelationId = correlationId;
            frame._header.Write(frame._writer, headerVersion);
            response.Write(frame._writer, version);
            frame._writer.EndFrame(mark);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
        return frame;
    }

    public void AppendTo(List<ReadOnlyMemory<byte>> segments)
    {
        var written = _writer.Segments;
        for (var i = 0; i < written.Count; i++)
            segments.Add(written[i]);
    }

    public void Dispose()
    {
        if (_owners is { } owners)
        {
            _owners = null;
            foreach (var owner in owners)
                owner.Dispose();
        }
        var isLarge = _writer.WrittenLength > MaxKeptBytes;
        _writer.Reset();
        if (!isLarge && Interlocked.Increment(ref pooled) <= MaxPooled)
        {
            Pool.Enqueue(this);
            return;
        }
        if (!isLarge)
            Interlocked.Decrement(ref pooled);
        _writer.Dispose();
    }
}
