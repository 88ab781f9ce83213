using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Transactions;

/// <summary>A transactional producer made of raw requests, so that a test may send what no client would.</summary>
internal sealed class TransactionClient(RawClient raw, string transactionalId) : IAsyncDisposable
{
    private readonly Dictionary<int, int> _sequences = [];

    public RawClient Raw => raw;

    public long ProducerId { get; set; }

    public short Epoch { get; set; }

    public static async Task<TransactionClient> CreateAsync(TestBroker broker, string transactionalId = "x", bool init = true)
    {
        var client = new TransactionClient(await RawClient.ConnectAsync(broker), transactionalId);
        var found = await client.Raw.CallAsync(new FindCoordinatorRequest { KeyType = 1, CoordinatorKeys = [transactionalId] }, 4);
        Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
        if (init)
            Assert.Equal(ErrorCode.None, await client.InitAsync());
        return client;
    }

    public async Task<ErrorCode> InitAsync(int timeoutMs = 60_000)
    {
        while (true)
        {
            var answer = await raw.CallAsync(new InitProducerIdRequest { TransactionalId = transactionalId, TransactionTimeoutMs = timeoutMs }, 5);
            if (answer.ErrorCode is ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorLoadInProgress)
                continue;
            (ProducerId, Epoch) = (answer.ProducerId, answer.ProducerEpoch);
            _sequences.Clear();
            return answer.ErrorCode;
        }
    }

    public async Task<ErrorCode> ProduceAsync(string value, int partition = 0, short version = 12, string topic = "words")
    {
        var sequence = _sequences.GetValueOrDefault(partition);
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        builder.Append(Records.Now, null, Encoding.UTF8.GetBytes(value));
        builder.SetProducerState(ProducerId, Epoch, sequence, isTransactional: true);
        var request = new ProduceRequest { TransactionalId = transactionalId, Acks = -1, TimeoutMs = 10_000 };
        var data = new ProduceRequest.TopicProduceData { Name = topic };
        data.PartitionData.Add(new() { Index = partition, Records = builder.Build().ToArray() });
        request.TopicData.Add(data);
        var error = (await raw.CallAsync(request, version)).Responses[0].PartitionResponses[0].ErrorCode;
        if (error == ErrorCode.None)
            _sequences[partition] = sequence + 1;
        return error;
    }

    public async Task<ErrorCode> AddPartitionsAsync(params int[] partitions)
    {
        while (true)
        {
            var request = new AddPartitionsToTxnRequest { V3AndBelowTransactionalId = transactionalId, V3AndBelowProducerId = ProducerId, V3AndBelowProducerEpoch = Epoch };
            request.V3AndBelowTopics.Add(new() { Name = "words", Partitions = [.. partitions] });
            var error = (ErrorCode)(await raw.CallAsync(request, 3)).ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode;
            if (error != ErrorCode.ConcurrentTransactions)
                return error;
        }
    }

    public async Task<ErrorCode> EndAsync(bool commit, short version = 5)
    {
        var answer = await raw.CallAsync(
            new EndTxnRequest { TransactionalId = transactionalId, ProducerId = ProducerId, ProducerEpoch = Epoch, Committed = commit }, version);
        if (answer.ErrorCode != ErrorCode.None || version < 5)
            return answer.ErrorCode;
        (ProducerId, Epoch) = (answer.ProducerId, answer.ProducerEpoch);
        _sequences.Clear();
        return ErrorCode.None;
    }

    public async Task<ErrorCode> CommitOffsetAsync(long offset, short version = 5, string group = "g")
    {
        var request = new TxnOffsetCommitRequest { TransactionalId = transactionalId, GroupId = group, ProducerId = ProducerId, ProducerEpoch = Epoch };
        var topic = new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic { Name = "words" };
        topic.Partitions.Add(new() { PartitionIndex = 0, CommittedOffset = offset, CommittedMetadata = "" });
        request.Topics.Add(topic);
        return (await raw.CallAsync(request, version)).Topics[0].Partitions[0].ErrorCode;
    }

    public async Task<(ErrorCode Error, long Offset)> FetchOffsetAsync(bool requireStable, string group = "g")
    {
        var request = new OffsetFetchRequest { RequireStable = requireStable };
        var asked = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [] };
        asked.Topics.Add(new() { Name = "words", PartitionIndexes = [0] });
        request.Groups.Add(asked);
        var answer = (await raw.CallAsync(request, 8)).Groups[0].Topics[0].Partitions[0];
        return (answer.ErrorCode, answer.CommittedOffset);
    }

    /// <summary>Reads partition 0 as a read_committed consumer does, once the last stable offset is where the test expects it.</summary>
    public async Task<FetchResponse.PartitionData> FetchCommittedAsync(long untilStable)
    {
        while (true)
        {
            var request = new FetchRequest { ReplicaId = -1, MaxBytes = 1 << 20, IsolationLevel = 1 };
            var topic = new FetchRequest.FetchTopic { Topic = "words" };
            topic.Partitions.Add(new() { Partition = 0, PartitionMaxBytes = 1 << 20 });
            request.Topics.Add(topic);
            var fetched = (await raw.CallAsync(request, 11)).Responses[0].Partitions[0];
            if (fetched.LastStableOffset >= untilStable)
                return fetched;
        }
    }

    public ValueTask DisposeAsync() => raw.DisposeAsync();
}
