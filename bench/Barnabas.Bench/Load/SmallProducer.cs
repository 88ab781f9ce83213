using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Bench.Load;

/// <summary>
/// One connection that produces the same small record at fixed times, acks=all, and waits for each acknowledgement. No client library:
/// thousands of these fit beside a broker. A record counts from when it was due where the one before it was late; lateness of this
/// process' timer does not count.
/// </summary>
internal sealed class SmallProducer(int port, byte[] request) : IDisposable
{
    private const short Version = 9;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _response = new byte[512];

    /// <summary>A whole Produce request with one record of that many bytes for partition <paramref name="partition"/>.</summary>
    public static byte[] Request(string topic, int partition, int recordBytes)
    {
        using var batch = new RecordBatchBuilder(RecordBatchOptions.Default);
        batch.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, new byte[recordBytes]);
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        var data = new ProduceRequest.TopicProduceData { Name = topic };
        data.PartitionData.Add(new() { Index = partition, Records = batch.Build().ToArray() });
        request.TopicData.Add(data);
        var writer = new MessageWriter();
        var mark = writer.BeginFrame();
        new RequestHeader { RequestApiKey = (short)request.ApiKey, RequestApiVersion = Version, CorrelationId = 1, ClientId = "small-producer" }
            .Write(writer, ApiCatalog.Get(request.ApiKey).RequestHeaderVersion(Version));
        request.Write(writer, Version);
        writer.EndFrame(mark);
        return writer.ToArray();
    }

    public async Task ConnectAsync(CancellationToken cancellationToken) => await _socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);

    /// <summary>Produces at <paramref name="first"/> (a <see cref="Stopwatch"/> timestamp) and each <paramref name="period"/> after it.</summary>
    /// <returns>Milliseconds until each acknowledgement.</returns>
    public async Task<double[]> RunAsync(long first, TimeSpan period, int records, CancellationToken cancellationToken)
    {
        var times = new double[records];
        for (var i = 0; i < records; i++)
        {
            var begin = first + (long)(i * period.TotalSeconds * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), begin);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
                begin = Stopwatch.GetTimestamp();
            }
            await _socket.SendAsync(request, cancellationToken);
            await ReceiveAsync(cancellationToken);
            times[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }
        return times;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var got = 0;
        var whole = 4;
        while (got < whole)
        {
            var read = await _socket.ReceiveAsync(_response.AsMemory(got), cancellationToken);
            if (read == 0)
                throw new BenchException("the broker closed a connection");
            got += read;
            if (got >= 4)
                whole = 4 + BinaryPrimitives.ReadInt32BigEndian(_response);
            if (whole > _response.Length)
                throw new BenchException($"a reply of {whole} bytes");
        }
        Check(_response.AsMemory(4, whole - 4));
    }

    private static void Check(ReadOnlyMemory<byte> body)
    {
        var response = new ProduceResponse();
        var reader = new MessageReader(body);
        new ResponseHeader().Read(ref reader, ApiCatalog.Get(response.ApiKey).ResponseHeaderVersion(Version));
        response.Read(ref reader, Version);
        if (response.Responses[0].PartitionResponses[0].ErrorCode is not ErrorCode.None and var error)
            throw new BenchException($"a record was refused with {error}");
    }
}
