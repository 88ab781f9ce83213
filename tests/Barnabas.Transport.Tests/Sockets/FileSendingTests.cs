using Microsoft.Win32.SafeHandles;
using Barnabas.Protocol.Buffers;
using Barnabas.Transport.Sockets;

namespace Barnabas.Transport.Tests.Sockets;

/// <summary>Ranges of files among the memory that is sent.</summary>
public sealed class FileSendingTests : IDisposable
{
    private const int FileBytes = 20 * 1024 * 1024;

    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _content = new byte[FileBytes];

    public FileSendingTests()
    {
        new Random(5).NextBytes(_content);
        File.WriteAllBytes(_path, _content);
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Memory_and_ranges_of_files_arrive_in_order_though_the_peer_reads_slowly()
    {
        using var first = new Range(_path, 1000, 9_000_000);
        using var second = new Range(_path, 10_000_000, 10_000_000);
        ReadOnlyMemory<byte>[] gathered = [new byte[] { 1, 2, 3 }, first.Memory, new byte[] { 4 }, new byte[] { 5 }, second.Memory[500_000..9_500_000], new byte[] { 6 }];
        byte[] expected = [1, 2, 3, .. _content.AsSpan(1000, 9_000_000), 4, 5, .. _content.AsSpan(10_500_000, 9_000_000), 6];
        Assert.Equal(expected, await SendAndReceiveAsync(gathered, expected.Length));
        Assert.InRange(first.BytesRead, 0, first.Length / 2);
    }

    [Fact]
    public async Task A_file_that_ends_early_ends_the_connection()
    {
        using var range = new Range(_path, FileBytes - 1000, 2000);
        var (sender, receiver) = await ConnectAsync();
        await using var one = sender;
        await using var other = receiver;
        var error = await Assert.ThrowsAsync<TransportException>(() => sender.SendAsync([range.Memory], CancellationToken.None).AsTask());
        Assert.Contains("The file ended 1000 bytes before", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_goes_away_in_the_middle_ends_the_sending()
    {
        using var range = new Range(_path, 0, FileBytes);
        var (sender, receiver) = await ConnectAsync();
        await using var one = sender;
        var sending = sender.SendAsync([range.Memory], CancellationToken.None).AsTask();
        await receiver.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken);
        receiver.Abort("the test goes");
        await Assert.ThrowsAsync<TransportException>(() => sending);
    }

    private static async Task<byte[]> SendAndReceiveAsync(ReadOnlyMemory<byte>[] gathered, int expected)
    {
        var (sender, receiver) = await ConnectAsync();
        await using var one = sender;
        await using var other = receiver;
        var sending = sender.SendAsync(gathered, CancellationToken.None).AsTask();
        var received = new byte[expected];
        var length = 0;
        while (length < expected)
        {
            length += await receiver.ReceiveAsync(received.AsMemory(length, Math.Min(100_000, expected - length)), TestContext.Current.CancellationToken);
        }

        await sending;
        return received;
    }

    private static async Task<(ITransportConnection Sender, ITransportConnection Receiver)> ConnectAsync()
    {
        var transport = new SocketTransport();
        await using var listener = await transport.ListenAsync("127.0.0.1", 0);
        var receiver = await transport.ConnectAsync("127.0.0.1", listener.LocalEndPoint.Port, TestContext.Current.CancellationToken);
        return (await listener.AcceptAsync(TestContext.Current.CancellationToken), receiver);
    }

    private sealed class Range(string path, long position, int length) : FileMemory(File.OpenHandle(path), position, length)
    {
        /// <summary>How much of it was read into memory.</summary>
        public int BytesRead { get; private set; }

        public override void Read(int start, Span<byte> buffer)
        {
            BytesRead += RandomAccess.Read((SafeFileHandle)Handle, buffer, Position + start);
        }
    }
}
