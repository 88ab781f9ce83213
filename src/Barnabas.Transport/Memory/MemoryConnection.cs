using System.Net;

namespace Barnabas.Transport.Memory;

/// <summary>One end of an in-process connection: it reads from one pipe and writes into the other.</summary>
internal sealed class MemoryConnection(IPEndPoint local, IPEndPoint remote, MemoryPipe incoming, MemoryPipe outgoing) : ITransportConnection
{
    public IPEndPoint RemoteEndPoint => remote;

    public IPEndPoint LocalEndPoint => local;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => incoming.ReadAsync(buffer, cancellationToken);

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < gathered.Count; i++)
                await outgoing.WriteAsync(gathered[i], cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Abort("a send was cancelled");
            throw;
        }
    }

    public void Abort(string reason)
    {
        incoming.Break(reason);
        outgoing.Break(reason);
    }

    public ValueTask DisposeAsync()
    {
        outgoing.Complete();
        incoming.Break("closed");
        return ValueTask.CompletedTask;
    }
}
