using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using BenchmarkDotNet.Attributes;

namespace Barnabas.Micro;

/// <summary>Reading a produce request and writing its response, as for one batch.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const short Version = 11;
    private readonly MessageWriter _writer = new();
    private byte[] _request = [];

    [GlobalSetup]
    public void SetUp()
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        var topic = new ProduceRequest.TopicProduceData { Name = "topic" };
        topic.PartitionData.Add(new() { Index = 3, Records = Samples.Batch(10, 1024) });
        request.TopicData.Add(topic);
        request.Write(_writer, Version);
        _request = _writer.ToArray();
    }

    [Benchmark]
    public int ReadProduceRequest()
    {
        var reader = new MessageReader(_request);
        var request = new ProduceRequest();
        request.Read(ref reader, Version);
        return request.TopicData.Count;
    }

    [Benchmark]
    public int WriteProduceResponse()
    {
        _writer.Reset();
        var response = new ProduceResponse();
        var topic = new ProduceResponse.TopicProduceResponse { Name = "topic" };
        topic.PartitionResponses.Add(new() { Index = 3, BaseOffset = 17 });
        response.Responses.Add(topic);
        response.Write(_writer, Version);
        return _writer.WrittenLength;
    }
}
