using System.Net;
using System.Net.Sockets;

namespace Barnabas.Tests.Support;

/// <summary>
/// Ports for processes that tests start. They lie below those that outgoing connections get, so that none takes one
/// between the choice and its use.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A port that was free just now, and the one after it was too: Apache Kafka's controller takes that.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && IsFree(port + 1))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
