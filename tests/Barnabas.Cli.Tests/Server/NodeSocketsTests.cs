using Barnabas.Cli.Server;
using Barnabas.Configuration.Brokers;
using Barnabas.Transport.Sockets;

namespace Barnabas.Cli.Tests.Server;

/// <summary>What of a node's sockets its file sets.</summary>
public sealed class NodeSocketsTests
{
    [Fact]
    public void What_the_file_does_not_name_is_left_to_the_system() => Assert.Equal(new SocketOptions(), Of());

    [Fact]
    public void What_the_file_names_is_set() =>
        Assert.Equal(
            new SocketOptions { ReceiveBufferBytes = 102_400, SendBufferBytes = 1_048_576, Backlog = 50 },
            Of(("socket.receive.buffer.bytes", "102400"), ("socket.send.buffer.bytes", "1048576"), ("socket.listen.backlog.size", "50")));

    [Fact]
    public void A_buffer_of_minus_one_is_left_to_the_system() =>
        Assert.Equal(new SocketOptions(), Of(("socket.receive.buffer.bytes", "-1"), ("socket.send.buffer.bytes", "-1")));

    private static SocketOptions Of(params (string Key, string Value)[] more) => NodeSockets.Of(BrokerConfig.Create(new Dictionary<string, string>(
        more.Select(one => KeyValuePair.Create(one.Key, one.Value)))
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["controller.quorum.bootstrap.servers"] = "localhost:9093",
        ["listeners"] = "PLAINTEXT://:9092,CONTROLLER://:9093",
        ["controller.listener.names"] = "CONTROLLER",
    }));
}
