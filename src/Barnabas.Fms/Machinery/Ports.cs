using System.Net;
using System.Net.Sockets;

namespace Barnabas.Fms.Machinery;

/// <summary>Ports for processes that are started. They lie below those that outgoing connections get, so that none takes one before its use.</summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int End = 32_000;
    private const int MostTries = 1_000;

    /// <summary>The port itself; one that is free where it is 0.</summary>
    /// <exception cref="FmsException">It is in use, or none is free.</exception>
    public static int Choose(int port, string whatFor, Random random)
    {
        if (port != 0)
            return IsFree(port) ? port : throw new FmsException($"port {port} for {whatFor} is in use");
        for (var tries = 0; tries < MostTries; tries++)
            if (random.Next(First, End) is var candidate && IsFree(candidate))
                return candidate;
        throw new FmsException($"no port from {First} to {End} is free for {whatFor}");
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
