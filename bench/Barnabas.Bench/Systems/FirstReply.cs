using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Barnabas.Bench.Systems;

/// <summary>Asks a port for its API versions, the first thing every client asks.</summary>
internal static class FirstReply
{
    // ApiVersions v0, correlation id 1, no client id.
    private static readonly byte[] Request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255];

    public static async Task<bool> ComesAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            await socket.SendAsync(Request, limit.Token);
            var length = new byte[4];
            return await socket.ReceiveAsync(length, limit.Token) == length.Length && BinaryPrimitives.ReadInt32BigEndian(length) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
