using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Barnabas.Transport;

namespace Barnabas.Broker.Tests.Support;

/// <summary>One connection that speaks the protocol and nothing more: every request, version and byte is the test's.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ITransportConnection _connection;
    private readonly string? _clientId;
    private int _correlationId;

    private RawClient(ITransportConnection connection, string? clientId)
    {
        _connection = connection;
        _clientId = clientId;
    }

    public static async Task<RawClient> ConnectAsync(TestBroker broker, string? clientId = "raw")
    {
        var colon = broker.BootstrapServers.LastIndexOf(':');
        var port = int.Parse(broker.BootstrapServers[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return new RawClient(await broker.Transport.ConnectAsync(broker.BootstrapServers[..colon], port, CancellationToken.None), clientId);
    }

    /// <summary>Connects to another listener than the one clients are told of.</summary>
    public static async Task<RawClient> ConnectAsync(TestBroker broker, int port) =>
        new(await broker.Transport.ConnectAsync("localhost", port, CancellationToken.None), "raw");

    public async Task<TResponse> CallAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : class, IResponse, new()
    {
        await SendAsync(request, version);
        return await ReceiveAsync<TResponse>(version) ?? throw new IOException("The broker closed the connection.");
    }

    public Task SendAsync(IRequest request, short version)
    {
        var writer = new MessageWriter();
        var mark = writer.BeginFrame();
        var header = new RequestHeader { RequestApiKey = (short)request.ApiKey, RequestApiVersion = version, CorrelationId = ++_correlationId, ClientId = _clientId };
        header.Write(writer, ApiCatalog.Get(request.ApiKey).RequestHeaderVersion(version));
        request.Write(writer, version);
        writer.EndFrame(mark);
        return SendBytesAsync(writer.ToArray());
    }

    public async Task SendBytesAsync(byte[] bytes) => await _connection.SendAsync([bytes], CancellationToken.None);

    /// <summary>The next response, or null where the broker closed the connection.</summary>
    public async Task<TResponse?> ReceiveAsync<TResponse>(short version)
        where TResponse : class, IResponse, new()
    {
        if (await ReceiveFrameAsync() is not { } frame)
            return null;
        return Read<TResponse>(frame, version);
    }

    public async Task<byte[]?> ReceiveFrameAsync()
    {
        var prefix = await ReceiveExactlyAsync(4);
        return prefix is null ? null : await ReceiveExactlyAsync(BinaryPrimitives.ReadInt32BigEndian(prefix));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static TResponse Read<TResponse>(byte[] frame, short version)
        where TResponse : class, IResponse, new()
    {
        var response = new TResponse();
        var reader = new MessageReader(frame);
        new ResponseHeader().Read(ref reader, ApiCatalog.Get(response.ApiKey).ResponseHeaderVersion(version));
        response.Read(ref reader, version);
        return response;
    }

    private async Task<byte[]?> ReceiveExactlyAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            int read;
            try
            {
                read = await _connection.ReceiveAsync(bytes.AsMemory(got), patience.Token);
            }
            catch (TransportException)
            {
                return null;
            }
            if (read == 0)
                return null;
            got += read;
        }
        return bytes;
    }
}
