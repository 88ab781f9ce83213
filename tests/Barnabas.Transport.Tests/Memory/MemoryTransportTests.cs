using Barnabas.Transport.Memory;

namespace Barnabas.Transport.Tests.Memory;

public sealed class MemoryTransportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_listening_refuses()
    {
        var network = new MemoryTransport(TimeProvider.System);
        await Assert.ThrowsAsync<TransportException>(async () => await network.ConnectAsync("localhost", 9092, Token));
    }

    [Fact]
    public async Task Ports_of_clients_come_again_when_all_were_used()
    {
        var network = new MemoryTransport(TimeProvider.System);
        await using var listener = await network.ListenAsync("localhost", 0);
        for (var i = 0; i < 50_000; i++)
            await (await network.ConnectAsync("localhost", listener.LocalEndPoint.Port, Token)).DisposeAsync();
    }

    [Fact]
    public async Task A_cut_ends_both_sides_with_the_fault_as_reason()
    {
        var (network, client, server) = await PairAsync();
        var receiving = server.ReceiveAsync(new byte[8], Token).AsTask();

        Assert.Equal(1, network.Faults.CutAll());

        Assert.Contains("cut by a fault", (await Assert.ThrowsAsync<TransportException>(async () => await receiving)).Message);
        await Assert.ThrowsAsync<TransportException>(async () => await client.SendAsync([new byte[] { 1 }], Token));
    }

    [Fact]
    public async Task Dropped_bytes_never_arrive_and_the_sender_is_not_told()
    {
        var (network, client, server) = await PairAsync();
        network.Faults.DropsBytes = true;
        await client.SendAsync([new byte[] { 1 }], Token);
        network.Faults.DropsBytes = false;
        await client.SendAsync([new byte[] { 2 }], Token);

        var buffer = new byte[8];
        Assert.Equal(1, await server.ReceiveAsync(buffer, Token));
        Assert.Equal(2, buffer[0]);
    }

    [Fact]
    public async Task What_was_sent_before_the_close_is_still_read_and_then_the_end()
    {
        var (_, client, server) = await PairAsync();
        await client.SendAsync([new byte[] { 1, 2 }], Token);
        await client.DisposeAsync();

        var buffer = new byte[8];
        Assert.Equal(2, await server.ReceiveAsync(buffer, Token));
        Assert.Equal(0, await server.ReceiveAsync(buffer, Token));
    }

    [Fact]
    public async Task A_sender_waits_for_a_reader_that_does_not_read()
    {
        var (_, client, server) = await PairAsync();
        var sending = client.SendAsync([new byte[1 << 20]], Token).AsTask();
        Assert.False(sending.IsCompleted);

        var buffer = new byte[1 << 20];
        for (var got = 0; got < buffer.Length;)
            got += await server.ReceiveAsync(buffer.AsMemory(got), Token);

        await sending;
    }

    private static async Task<(MemoryTransport Network, ITransportConnection Client, ITransportConnection Server)> PairAsync()
    {
        var network = new MemoryTransport(TimeProvider.System);
        var listener = await network.ListenAsync("localhost", 9092);
        var client = await network.ConnectAsync("localhost", 9092, Token);
        return (network, client, await listener.AcceptAsync(Token));
    }
}
