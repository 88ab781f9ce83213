using Barnabas.Transport;

namespace Barnabas.Client.Tests.Support;

/// <summary>Another transport that notes with which buffers connections were opened.</summary>
internal sealed class RecordingTransport(ITransport inner) : ITransport
{
    private (int? Receive, int? Send) _wanted;

    /// <summary>The buffers of the last connection.</summary>
    public (int? Receive, int? Send) Buffers { get; private set; }

    public ValueTask<ITransportListener> ListenAsync(string host, int port) => inner.ListenAsync(host, port);

    public ValueTask<ITransportConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        Buffers = _wanted;
        return inner.ConnectAsync(host, port, cancellationToken);
    }

    public ITransport WithBuffers(int? receiveBytes, int? sendBytes)
    {
        _wanted = (receiveBytes, sendBytes);
        return this;
    }
}
