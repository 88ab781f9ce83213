using Barnabas.Protocol.Buffers;

namespace Barnabas.Transport.Requests;

/// <summary>
/// A response whose byte fields are slices of a pooled frame. The holder disposes it once, after which
/// no slice of it may be touched.
/// </summary>
public sealed class PooledResponse<TResponse> : IDisposable
{
    private byte[]? _frame;

    internal PooledResponse(TResponse response, byte[] frame, int sizeInBytes)
    {
        Response = response;
        SizeInBytes = sizeInBytes;
        _frame = frame;
    }

    /// <summary>The decoded message.</summary>
    public TResponse Response { get; }

    /// <summary>Size of the frame on the wire, without its length prefix.</summary>
    public int SizeInBytes { get; }

    /// <summary>Gives the frame back to the pool.</summary>
    public void Dispose()
    {
        var frame = Interlocked.Exchange(ref _frame, null);
        if (frame is not null) ByteArrayPool.Instance.Return(frame);
    }
}
