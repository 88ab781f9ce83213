using System.Net;
using System.Threading.Channels;

namespace Barnabas.Transport.Memory;

/// <summary>A port of a <see cref="MemoryTransport"/>.</summary>
internal sealed class MemoryListener(MemoryTransport network, IPEndPoint localEndPoint) : ITransportListener
{
    private readonly Channel<ITransportConnection> _offered = Channel.CreateUnbounded<ITransportConnection>();

    public IPEndPoint LocalEndPoint => localEndPoint;

    public bool TryOffer(ITransportConnection connection) => _offered.Writer.TryWrite(connection);

    public async ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _offered.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new TransportException($"The listener on {LocalEndPoint} is closed", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        network.Remove(this);
        _offered.Writer.TryComplete();
        while (_offered.Reader.TryRead(out var connection))
            connection.Abort("the listener was closed");
        return ValueTask.CompletedTask;
    }
}
