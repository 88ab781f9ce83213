using System.Buffers.Binary;
using System.Text;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Transport;
using Barnabas.Transport.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Producer;

/// <summary>
/// A node in memory that knows just what a producer needs, checks sequence numbers as a broker does, and fails as it is
/// told to.
/// </summary>
internal sealed class ModelBroker : IAsyncDisposable
{
    private const int RememberedBatches = 5;
    private readonly Lock _gate = new();
    private readonly ITransportListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<int, Log> _logs = [];
    private readonly Task _accepting;

    private ModelBroker(MemoryTransport transport, ITransportListener listener)
    {
        Transport = transport;
        _listener = listener;
        _accepting = AcceptAsync();
    }

    public MemoryTransport Transport { get; }

    public int PartitionCount { get; init; } = 3;

    public string Topic { get; init; } = "topic";

    /// <summary>The highest version of Produce that it offers.</summary>
    public short ProduceVersion { get; init; } = 13;

    /// <summary>What to do with the batch of a partition; called under a lock, once for each arrival.</summary>
    public Func<int, RecordBatch, Fault> FaultOf { get; set; } = static (_, _) => Fault.None;

    public Func<ErrorCode> InitProducerIdError { get; set; } = static () => ErrorCode.None;

    /// <summary>Batches larger than this are refused with MESSAGE_TOO_LARGE.</summary>
    public int MaxBatchBytes { get; set; } = int.MaxValue;

    public int ProduceRequests { get; private set; }

    public static async Task<ModelBroker> StartAsync(Action<Builder>? configure = null)
    {
        var builder = new Builder();
        configure?.Invoke(builder);
        var transport = new MemoryTransport(TimeProvider.System);
        var listener = await transport.ListenAsync("localhost", 0);
        return new ModelBroker(transport, listener) { PartitionCount = builder.PartitionCount, ProduceVersion = builder.ProduceVersion };
    }

    public ClientEnvironment Environment(int seed = 1) => new()
    {
        Transport = Transport,
        Time = TimeProvider.System,
        Random = new Random(seed),
        LoggerFactory = NullLoggerFactory.Instance,
    };

    public string Address => $"localhost:{_listener.LocalEndPoint.Port}";

    /// <summary>The values stored in a partition, in order.</summary>
    public List<string?> Values(int partition)
    {
        lock (_gate)
            return [.. LogOf(partition).Values];
    }

    public List<string?> AllValues()
    {
        lock (_gate)
            return [.. _logs.OrderBy(one => one.Key).SelectMany(one => one.Value.Values)];
    }

    public IReadOnlyList<Arrival> Arrivals(int partition)
    {
        lock (_gate)
            return [.. LogOf(partition).Arrivals];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or TransportException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(ITransportConnection connection)
    {
        try
        {
            var prefix = new byte[4];
            while (await ReadAsync(connection, prefix))
            {
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                if (!await ReadAsync(connection, frame))
                    break;
                using var writer = new MessageWriter();
                if (!Answer(frame, writer))
                    continue;
                await connection.SendAsync(writer.Segments, _stopping.Token);
            }
        }
        catch (CutException)
        {
            connection.Abort("told to");
        }
        catch (Exception e) when (e is OperationCanceledException or TransportException or ObjectDisposedException)
        {
            // The other side ended it.
        }
        await connection.DisposeAsync();
    }

    private async Task<bool> ReadAsync(ITransportConnection connection, Memory<byte> into)
    {
        while (!into.IsEmpty)
        {
            var read = await connection.ReceiveAsync(into, _stopping.Token);
            if (read == 0)
                return false;
            into = into[read..];
        }
        return true;
    }

    private bool Answer(byte[] frame, MessageWriter writer)
    {
        var api = ApiCatalog.Get((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame));
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2));
        var reader = new MessageReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        var request = api.NewRequest();
        request.Read(ref reader, version);
        var response = Answer(request);
        if (response is null)
            return false;
        var mark = writer.BeginFrame();
        new ResponseHeader { CorrelationId = header.CorrelationId }.Write(writer, api.ResponseHeaderVersion(version));
        response.Write(writer, version);
        writer.EndFrame(mark);
        return true;
    }

    private IResponse? Answer(IRequest request) => request switch
    {
        ApiVersionsRequest => Versions(),
        MetadataRequest => Metadata(),
        InitProducerIdRequest => new InitProducerIdResponse { ErrorCode = InitProducerIdError(), ProducerId = 4711, ProducerEpoch = 0 },
        ProduceRequest produce => Produce(produce),
        _ => throw new InvalidOperationException(request.ToString()),
    };

    private ApiVersionsResponse Versions()
    {
        var response = new ApiVersionsResponse();
        foreach (var (key, highest) in new[] { (ApiKey.Produce, ProduceVersion), (ApiKey.Metadata, (short)12), (ApiKey.ApiVersions, (short)4), (ApiKey.InitProducerId, (short)4) })
            response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = (short)key, MinVersion = 0, MaxVersion = highest });
        return response;
    }

    private MetadataResponse Metadata()
    {
        var topic = new MetadataResponse.MetadataResponseTopic { Name = Topic, TopicId = new Uuid(1, 2) };
        for (var i = 0; i < PartitionCount; i++)
            topic.Partitions.Add(new MetadataResponse.MetadataResponsePartition { PartitionIndex = i, LeaderId = 1, LeaderEpoch = 0, ReplicaNodes = [1], IsrNodes = [1] });
        var response = new MetadataResponse { ClusterId = "model", ControllerId = 1 };
        response.Brokers.Add(new MetadataResponse.MetadataResponseBroker { NodeId = 1, Host = "localhost", Port = _listener.LocalEndPoint.Port });
        response.Topics.Add(topic);
        return response;
    }

    private ProduceResponse? Produce(ProduceRequest request)
    {
        var response = new ProduceResponse();
        var cut = false;
        lock (_gate)
        {
            ProduceRequests++;
            foreach (var topic in request.TopicData)
            {
                var answer = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
                response.Responses.Add(answer);
                foreach (var partition in topic.PartitionData)
                {
                    var batch = new RecordBatch(partition.Records!.Value);
                    batch.EnsureValid();
                    var log = LogOf(partition.Index);
                    log.Arrivals.Add(new Arrival(batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.RecordCount, batch.SizeInBytes));
                    var fault = FaultOf(partition.Index, batch);
                    cut |= fault.Cuts;
                    var error = fault.Error;
                    long offset = -1;
                    if (error == ErrorCode.None && batch.SizeInBytes > MaxBatchBytes)
                        error = ErrorCode.MessageTooLarge;
                    if (error == ErrorCode.None && !fault.LosesBatch)
                        error = Append(log, batch, out offset);
                    answer.PartitionResponses.Add(new ProduceResponse.PartitionProduceResponse
                    {
                        Index = partition.Index,
                        ErrorCode = error,
                        BaseOffset = offset,
                        RecordErrors = fault.RecordErrors,
                    });
                }
            }
        }
        if (cut)
            throw new CutException();
        return request.Acks == 0 ? null : response;
    }

    private static ErrorCode Append(Log log, RecordBatch batch, out long offset)
    {
        offset = log.Values.Count;
        if (batch.HasProducerId)
        {
            foreach (var remembered in log.Remembered)
            {
                if ((remembered.Epoch, remembered.First, remembered.Count) == (batch.ProducerEpoch, batch.BaseSequence, batch.RecordCount))
                {
                    offset = remembered.Offset;
                    return ErrorCode.None;
                }
            }
            if (batch.ProducerEpoch < log.Epoch)
                return ErrorCode.InvalidProducerEpoch;
            var expected = batch.ProducerEpoch > log.Epoch ? 0 : log.NextSequence;
            if (batch.BaseSequence != expected)
                return ErrorCode.OutOfOrderSequenceNumber;
            (log.Epoch, log.NextSequence) = (batch.ProducerEpoch, batch.BaseSequence + batch.RecordCount);
            log.Remembered.Enqueue((batch.ProducerEpoch, batch.BaseSequence, batch.RecordCount, offset));
            if (log.Remembered.Count > RememberedBatches)
                log.Remembered.Dequeue();
        }
        foreach (var record in batch.Records())
            log.Values.Add(record.HasValue ? Encoding.UTF8.GetString(record.ValueBytes.Span) : null);
        return ErrorCode.None;
    }

    private Log LogOf(int partition) => _logs.TryGetValue(partition, out var log) ? log : _logs[partition] = new Log();

    public sealed record Arrival(long ProducerId, short Epoch, int BaseSequence, int Count, int SizeInBytes);

    public sealed class Builder
    {
        public int PartitionCount { get; set; } = 3;

        public short ProduceVersion { get; set; } = 13;
    }

    private sealed class Log
    {
        public List<string?> Values { get; } = [];

        public List<Arrival> Arrivals { get; } = [];

        public Queue<(short Epoch, int First, int Count, long Offset)> Remembered { get; } = new();

        public short Epoch { get; set; } = -1;

        public int NextSequence { get; set; }
    }

    private sealed class CutException : Exception;
}

/// <summary>What a <see cref="ModelBroker"/> does to a batch.</summary>
internal sealed record Fault(ErrorCode Error = ErrorCode.None, bool Cuts = false, bool LosesBatch = false)
{
    public static Fault None { get; } = new();

    /// <summary>The connection ends and the batch is not stored.</summary>
    public static Fault CutBefore { get; } = new(Cuts: true, LosesBatch: true);

    /// <summary>The batch is stored, but the connection ends before the answer.</summary>
    public static Fault CutAfter { get; } = new(Cuts: true);

    public List<ProduceResponse.BatchIndexAndErrorMessage> RecordErrors { get; init; } = [];
}
