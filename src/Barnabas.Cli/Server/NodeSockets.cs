using Barnabas.Configuration.Brokers;
using Barnabas.Transport.Sockets;

namespace Barnabas.Cli.Server;

/// <summary>
/// A node's sockets, as its file says. What the file does not name is the system's: Kafka's defaults (100 KiB buffers, 50 connections
/// that wait) would hold back peers that are fast or far.
/// </summary>
internal static class NodeSockets
{
    public static SocketOptions Of(BrokerConfig config)
    {
        var options = new SocketOptions
        {
            ReceiveBufferBytes = Given(config, "socket.receive.buffer.bytes"),
            SendBufferBytes = Given(config, "socket.send.buffer.bytes"),
        };
        return Given(config, "socket.listen.backlog.size") is { } backlog ? options with { Backlog = backlog } : options;
    }

    // -1 leaves a buffer to the system, too.
    private static int? Given(BrokerConfig config, string key) =>
        config.StaticProperties.ContainsKey(key) && config.GetInt(key) is > 0 and var value ? value : null;
}
