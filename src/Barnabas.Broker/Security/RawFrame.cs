using System.Buffers.Binary;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Security;

/// <summary>A token with its length alone, as clients expect after a handshake of version 0.</summary>
internal sealed class RawFrame : IOutgoingFrame
{
    private readonly byte[] _bytes;

    public RawFrame(ReadOnlySpan<byte> token)
    {
        _bytes = new byte[sizeof(int) + token.Length];
        BinaryPrimitives.WriteInt32BigEndian(_bytes, token.Length);
        token.CopyTo(_bytes.AsSpan(sizeof(int)));
    }

    public long LengthInBytes => _bytes.Length;

    public void AppendTo(List<ReadOnlyMemory<byte>> segments) => segments.Add(_bytes);

    public void Dispose()
    {
    }
}

/// <summary>A last response: the connection ends once it is sent.</summary>
internal sealed class LastFrame(IOutgoingFrame frame, ServerConnection connection, string reason) : IOutgoingFrame
{
    public long LengthInBytes => frame.LengthInBytes;

    public void AppendTo(List<ReadOnlyMemory<byte>> segments) => frame.AppendTo(segments);

    public void Dispose()
    {
        frame.Dispose();
        connection.CloseSent(reason);
    }
}
