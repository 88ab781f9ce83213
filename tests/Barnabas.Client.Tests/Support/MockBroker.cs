using System.Buffers.Binary;
using System.Collections.Concurrent;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport;
using Barnabas.Transport.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Support;

/// <summary>A broker of made-up answers on the real frames: <c>mock.On&lt;HeartbeatRequest&gt;(request => ...)</c>. Null answers nothing.</summary>
internal sealed class MockBroker : IAsyncDisposable
{
    private readonly ITransportListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<ApiKey, Func<IRequest, short, IResponse?>> _handlers = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    private MockBroker(MemoryTransport transport, ITransportListener listener, TimeProvider time)
    {
        Transport = transport;
        _listener = listener;
        Environment = new ClientEnvironment { Transport = transport, Time = time, Random = new Random(7), LoggerFactory = NullLoggerFactory.Instance };
        Port = listener.LocalEndPoint.Port;
        On<ApiVersionsRequest>((_, _) => AllVersions());
        On<MetadataRequest>((request, _) => Metadata(request));
        On<FindCoordinatorRequest>((request, _) => new FindCoordinatorResponse
        {
            Coordinators = [.. request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator { Key = key, NodeId = 1, Host = "localhost", Port = Port })],
        });
        _accepting = AcceptAsync();
    }

    public MemoryTransport Transport { get; }

    public ClientEnvironment Environment { get; }

    public int Port { get; }

    public string BootstrapServer => $"localhost:{Port}";

    public Dictionary<string, (Uuid Id, int Partitions)> Topics { get; } = [];

    public int LeaderEpoch { get; set; } = 1;

    /// <summary>The ports of further nodes that answer for themselves.</summary>
    public Dictionary<int, int> NodePorts { get; } = [];

    /// <summary>Further nodes of the cluster; this one answers for them unless they have ports.</summary>
    public List<int> MoreNodes { get; } = [];

    public ConcurrentQueue<IRequest> Received { get; } = new();

    public static Task<MockBroker> StartAsync() => StartAsync(TimeProvider.System);

    public static async Task<MockBroker> StartAsync(TimeProvider time)
    {
        var transport = new MemoryTransport(time);
        return new MockBroker(transport, await transport.ListenAsync("localhost", 0), time);
    }

    /// <summary>Another node on the same network, which this one names in its metadata.</summary>
    public async Task<MockBroker> StartNodeAsync(int id)
    {
        var node = new MockBroker(Transport, await Transport.ListenAsync("localhost", 0), Environment.Time);
        MoreNodes.Add(id);
        NodePorts[id] = node.Port;
        // A client asks any node it knows: all of one cluster say the same.
        node.On<MetadataRequest>((request, _) => Metadata(request));
        return node;
    }

    public MockBroker On<TRequest>(Func<TRequest, short, IResponse?> handler) where TRequest : IRequest, new()
    {
        _handlers[new TRequest().ApiKey] = (request, version) => handler((TRequest)request, version);
        return this;
    }

    public MockBroker WithTopic(string name, int partitions)
    {
        Topics[name] = (new Uuid(77, name.Length), partitions);
        return this;
    }

    public static ApiVersionsResponse AllVersions()
    {
        var response = new ApiVersionsResponse();
        foreach (var api in ApiCatalog.All)
            response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = (short)api.Key, MinVersion = api.LowestVersion, MaxVersion = api.HighestVersion });
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private MetadataResponse Metadata(MetadataRequest request)
    {
        var response = new MetadataResponse { ClusterId = "mock", ControllerId = 1, Brokers = [new MetadataResponse.MetadataResponseBroker { NodeId = 1, Host = "localhost", Port = Port }] };
        foreach (var id in MoreNodes) response.Brokers.Add(new MetadataResponse.MetadataResponseBroker { NodeId = id, Host = "localhost", Port = NodePorts.GetValueOrDefault(id, Port) });
        foreach (var name in request.Topics?.Select(topic => topic.Name!) ?? Topics.Keys)
        {
            var topic = new MetadataResponse.MetadataResponseTopic { Name = name };
            if (!Topics.TryGetValue(name, out var known)) topic.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            topic.TopicId = known.Id;
            for (var partition = 0; partition < known.Partitions; partition++)
                topic.Partitions.Add(new MetadataResponse.MetadataResponsePartition { PartitionIndex = partition, LeaderId = 1, LeaderEpoch = LeaderEpoch, ReplicaNodes = [1], IsrNodes = [1] });
            response.Topics.Add(topic);
        }

        return response;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or TransportException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(ITransportConnection connection)
    {
        await using var owned = connection;
        try
        {
            var prefix = new byte[4];
            while (await FillAsync(connection, prefix))
            {
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                await FillAsync(connection, frame);
                if (Answer(frame) is { } answer) await connection.SendAsync([answer], _stopping.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or TransportException)
        {
            // The client went away, or the test is over.
        }
    }

    private byte[]? Answer(byte[] frame)
    {
        var api = ApiCatalog.Get((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame));
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2));
        var reader = new MessageReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        var request = api.NewRequest();
        request.Read(ref reader, version);
        Received.Enqueue(request);
        if (!_handlers.TryGetValue(api.Key, out var handler)) throw new InvalidOperationException($"The mock has no answer to {api.Name}");
        if (handler(request, version) is not { } response) return null;
        var refused = response is ApiVersionsResponse { ErrorCode: ErrorCode.UnsupportedVersion };
        using var writer = new MessageWriter();
        var mark = writer.BeginFrame();
        new ResponseHeader { CorrelationId = header.CorrelationId }.Write(writer, api.ResponseHeaderVersion(version));
        response.Write(writer, refused ? (short)0 : version);
        writer.EndFrame(mark);
        return writer.ToArray();
    }

    private async Task<bool> FillAsync(ITransportConnection connection, byte[] buffer)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var received = await connection.ReceiveAsync(buffer.AsMemory(filled), _stopping.Token);
            if (received == 0) return false;
            filled += received;
        }

        return true;
    }
}
