using System.Buffers;
using Barnabas.Protocol.Buffers;
using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Transport.Requests;

/// <summary>A request on its way: what to write, until when to wait, and whom to tell.</summary>
internal abstract class PendingRequest(ApiDescriptor api, short version, MessageWriter frame)
{
    public ApiDescriptor Api { get; } = api;
    public short Version { get; } = version;
    public MessageWriter Frame { get; } = frame;
    public int CorrelationId { get; set; }
    public long DeadlineTimestamp { get; set; }

    /// <summary>False for a produce request with acks=0: done as soon as it is written.</summary>
    public virtual bool ExpectsResponse => true;

    /// <summary>Whether the response's frame is rented; an owner then gives it back.</summary>
    public virtual bool WantsPooledFrame => false;

    /// <summary>Takes ownership of <paramref name="frame"/>; throws MalformedMessageException when it cannot be read.</summary>
    public abstract void Complete(byte[] frame, int length);

    public abstract void Fail(Exception error);

    protected TResponse Decode<TResponse>(byte[] frame, int length) where TResponse : IResponse, new()
    {
        var memory = frame.AsMemory(0, length);
        var reader = new MessageReader(memory);
        new ResponseHeader().Read(ref reader, Api.ResponseHeaderVersion(Version));
        var response = new TResponse();
        response.Read(ref reader, RefusedVersion(memory) ? (short)0 : Version);
        return response;
    }

    // A node that does not know our version of ApiVersions says so in version 0, which any client can read (KIP-511).
    private bool RefusedVersion(ReadOnlyMemory<byte> frame) =>
        Api.Key == ApiKey.ApiVersions && frame.Length >= 6 && BinaryPrimitives.ReadInt16BigEndian(frame.Span[4..]) == (short)ErrorCode.UnsupportedVersion;
}

internal sealed class PendingResponse<TResponse>(ApiDescriptor api, short version, MessageWriter frame)
    : PendingRequest(api, version, frame) where TResponse : IResponse, new()
{
    public TaskCompletionSource<TResponse> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Complete(byte[] frame, int length) => Completion.TrySetResult(Decode<TResponse>(frame, length));

    public override void Fail(Exception error) => Completion.TrySetException(error);
}

internal sealed class PendingPooledResponse<TResponse>(ApiDescriptor api, short version, MessageWriter frame)
    : PendingRequest(api, version, frame) where TResponse : IResponse, new()
{
    public TaskCompletionSource<PooledResponse<TResponse>> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool WantsPooledFrame => true;

    public override void Complete(byte[] frame, int length)
    {
        PooledResponse<TResponse> response;
        try
        {
            response = new PooledResponse<TResponse>(Decode<TResponse>(frame, length), frame, length);
        }
        catch
        {
            ByteArrayPool.Instance.Return(frame);
            throw;
        }

        // The caller may have stopped waiting.
        if (!Completion.TrySetResult(response)) response.Dispose();
    }

    public override void Fail(Exception error) => Completion.TrySetException(error);
}

internal sealed class PendingOneWay(ApiDescriptor api, short version, MessageWriter frame) : PendingRequest(api, version, frame)
{
    public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool ExpectsResponse => false;

    public override void Complete(byte[] frame, int length) => Completion.TrySetResult();

    public override void Fail(Exception error) => Completion.TrySetException(error);
}
