using System.Text;
using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

/// <summary>Whatever one peer sends, it loses its own connection at most, and the log says why.</summary>
public sealed class HostilePeerTests
{
    public static TheoryData<byte[], string> NotFrames => new()
    {
        { [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00], "TLS" },
        { Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), "HTTP" },
        { [0x7f, 0xff, 0xff, 0xff], "2147483647" },
        { [0xff, 0xff, 0xff, 0xff], "invalid frame length -1" },
        { Encoding.ASCII.GetBytes("hello, is this the right port?"), "socket.request.max.bytes" },
    };

    [Theory, MemberData(nameof(NotFrames))]
    public async Task What_is_no_frame_closes_the_connection_with_a_reason_in_the_log(byte[] bytes, string reason)
    {
        await using var server = await ServerFixture.StartAsync(sockets: true);
        await using var good = await server.ConnectAsync();
        await using var bad = await server.ConnectAsync();

        await ServerFixture.SendAsync(bad, bytes);

        Assert.Null(await ServerFixture.ReceiveFrameAsync(bad));
        Assert.Contains(reason, await server.NextCloseReasonAsync());
        Assert.Contains(server.Log.Warnings, w => w.Contains(reason, StringComparison.Ordinal));
        await ServerFixture.SendAsync(good, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(good, 1);
    }

    [Fact]
    public async Task A_request_that_is_not_understood_closes_its_connection_alone()
    {
        await using var server = await ServerFixture.StartAsync(sockets: false);
        await using var good = await server.ConnectAsync();
        await using var bad = await server.ConnectAsync();

        await ServerFixture.SendAsync(bad, ServerFixture.Frame((byte)'x'));

        Assert.Null(await ServerFixture.ReceiveFrameAsync(bad));
        Assert.Equal("an x is not understood", await server.NextCloseReasonAsync());
        await ServerFixture.SendAsync(good, ServerFixture.Frame(1));
        await ServerFixture.AssertNextAsync(good, 1);
    }

    [Fact]
    public async Task A_peer_that_leaves_in_the_middle_of_a_frame_is_recorded_as_such()
    {
        await using var server = await ServerFixture.StartAsync(sockets: true);
        var peer = await server.ConnectAsync();

        await ServerFixture.SendAsync(peer, [0, 0, 1, 0, 9]);
        await peer.DisposeAsync();

        Assert.Equal("the peer closed in the middle of a frame", await server.NextCloseReasonAsync());
    }
}
