using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Support;

/// <summary>The requests most tests make, on one connection, against partition 0 of one topic.</summary>
internal sealed class TopicClient(RawClient raw, string topic) : IAsyncDisposable
{
    public RawClient Raw => raw;

    public string Topic => topic;

    /// <summary>A memory-only broker's client with a fresh topic.</summary>
    public static async Task<TopicClient> CreateAsync(TestBroker broker, string topic = "words", int partitions = 1, params (string Name, string Value)[] configs)
    {
        var raw = await RawClient.ConnectAsync(broker);
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        var creatable = new CreateTopicsRequest.CreatableTopic { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 };
        foreach (var (name, value) in configs)
            creatable.Configs.Add(new() { Name = name, Value = value });
        request.Topics.Add(creatable);
        var response = await raw.CallAsync(request, 7);
        Assert.Equal(ErrorCode.None, response.Topics[0].ErrorCode);
        return new TopicClient(raw, topic);
    }

    public static async Task<TopicClient> ConnectAsync(TestBroker broker, string topic = "words") => new(await RawClient.ConnectAsync(broker), topic);

    public static ProduceRequest ProduceRequest(string topic, byte[] records, short acks = -1)
    {
        var request = new ProduceRequest { Acks = acks, TimeoutMs = 10_000 };
        var data = new ProduceRequest.TopicProduceData { Name = topic };
        data.PartitionData.Add(new() { Index = 0, Records = records });
        request.TopicData.Add(data);
        return request;
    }

    public async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(byte[] records, short acks = -1, short version = 9) =>
        (await raw.CallAsync(ProduceRequest(topic, records, acks), version)).Responses[0].PartitionResponses[0];

    public FetchRequest FetchRequest(long offset, int maxWaitMs = 0, int minBytes = 0, int maxBytes = 1 << 20, sbyte isolation = 0)
    {
        var request = new FetchRequest { ReplicaId = -1, MaxWaitMs = maxWaitMs, MinBytes = minBytes, MaxBytes = 1 << 24, IsolationLevel = isolation };
        var asked = new FetchRequest.FetchTopic { Topic = topic };
        asked.Partitions.Add(new() { Partition = 0, FetchOffset = offset, PartitionMaxBytes = maxBytes });
        request.Topics.Add(asked);
        return request;
    }

    public async Task<FetchResponse.PartitionData> FetchAsync(long offset, int maxWaitMs = 0, int minBytes = 0, int maxBytes = 1 << 20) =>
        (await raw.CallAsync(FetchRequest(offset, maxWaitMs, minBytes, maxBytes), 11)).Responses[0].Partitions[0];

    public async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> ListOffsetAsync(long timestamp, short version = 11)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        var asked = new ListOffsetsRequest.ListOffsetsTopic { Name = topic };
        asked.Partitions.Add(new() { PartitionIndex = 0, Timestamp = timestamp });
        request.Topics.Add(asked);
        return (await raw.CallAsync(request, version)).Topics[0].Partitions[0];
    }

    public ValueTask DisposeAsync() => raw.DisposeAsync();
}
