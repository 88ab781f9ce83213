using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>The share session with one node: what it knows already, and what it has still to be told.</summary>
internal sealed class ShareSession(Node node)
{
    private const int FinalEpoch = -1;
    private readonly HashSet<SharedPartition> _partitions = [];

    public Node Node { get; set; } = node;

    /// <summary>What the next request brings.</summary>
    public Acknowledgements Pending { get; private set; } = new();

    /// <summary>What the request in flight brought.</summary>
    public Acknowledgements Sent { get; private set; } = new();

    public Task<ShareFetchResponse>? InFlight { get; set; }

    /// <summary>Acknowledgements that go out in this order, each when all before them is answered, without a poll.</summary>
    public Queue<ShareCommit> Commits { get; } = new();

    /// <summary>Ends when all requests under way are answered.</summary>
    public Task LastRequest => Commits.Count > 0 ? Commits.Last().Answer : InFlight ?? Task.CompletedTask;

    public long NotBeforeTimestamp { get; set; }

    public int Failures { get; set; }

    public int Epoch { get; private set; }

    public bool HasPartitions => _partitions.Count > 0;

    /// <summary>The partition that a response speaks of.</summary>
    public SharedPartition? Find(Uuid topicId, int index)
    {
        foreach (var partition in _partitions)
        {
            if (partition.TopicId == topicId && partition.Partition.Partition == index) return partition;
        }

        return Sent.Partitions.Where(one => one.TopicId == topicId && one.Partition.Partition == index).Select(static one => (SharedPartition?)one).FirstOrDefault();
    }

    public ShareFetchRequest Fetch(ConsumerOptions options, string member, IReadOnlyCollection<SharedPartition> targets)
    {
        Sent = Pending;
        Pending = new Acknowledgements();
        var request = new ShareFetchRequest
        {
            GroupId = options.GroupId,
            MemberId = member,
            ShareSessionEpoch = Epoch,
            MaxWaitMs = (int)options.FetchMaxWait.TotalMilliseconds,
            MinBytes = options.FetchMinBytes,
            MaxBytes = options.FetchMaxBytes,
            MaxRecords = options.MaxPollRecords,
            BatchSize = options.MaxPollRecords,
            ShareAcquireMode = (sbyte)options.ShareAcquireMode,
            IsRenewAck = Sent.HasRenewals,
        };
        foreach (var partition in targets.Where(target => !_partitions.Contains(target)).Concat(Sent.Partitions).Distinct())
        {
            var topic = request.Topics.Find(one => one.TopicId == partition.TopicId);
            if (topic is null) request.Topics.Add(topic = new ShareFetchRequest.FetchTopic { TopicId = partition.TopicId });
            topic.Partitions.Add(new ShareFetchRequest.FetchPartition
            {
                PartitionIndex = partition.Partition.Partition,
                AcknowledgementBatches = [.. Sent.Batches(partition).Select(static batch => new ShareFetchRequest.AcknowledgementBatch { FirstOffset = batch.First, LastOffset = batch.Last, AcknowledgeTypes = batch.Types })],
            });
        }

        foreach (var partition in _partitions.Union(Sent.Partitions).Except(targets))
        {
            var topic = request.ForgottenTopicsData.Find(one => one.TopicId == partition.TopicId);
            if (topic is null) request.ForgottenTopicsData.Add(topic = new ShareFetchRequest.ForgottenTopic { TopicId = partition.TopicId });
            topic.Partitions.Add(partition.Partition.Partition);
        }

        _partitions.Clear();
        _partitions.UnionWith(targets);
        return request;
    }

    public ShareAcknowledgeRequest Acknowledge(ConsumerOptions options, string member, bool isLast)
    {
        Sent = Pending;
        Pending = new Acknowledgements();
        return Request(options, member, isLast ? FinalEpoch : Epoch, Sent);
    }

    /// <summary>What is pending, as a request for when all that is under way is answered.</summary>
    public (Acknowledgements Taken, ShareAcknowledgeRequest Request) Commit(ConsumerOptions options, string member)
    {
        var taken = Pending;
        Pending = new Acknowledgements();
        var epoch = InFlight is null ? Epoch : After(Epoch);
        for (var i = 0; i < Commits.Count; i++) epoch = After(epoch);
        return (taken, Request(options, member, epoch, taken));
    }

    private static int After(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;

    private static ShareAcknowledgeRequest Request(ConsumerOptions options, string member, int epoch, Acknowledgements acknowledgements)
    {
        var request = new ShareAcknowledgeRequest { GroupId = options.GroupId, MemberId = member, ShareSessionEpoch = epoch, IsRenewAck = acknowledgements.HasRenewals };
        foreach (var partition in acknowledgements.Partitions)
        {
            var topic = request.Topics.Find(one => one.TopicId == partition.TopicId);
            if (topic is null) request.Topics.Add(topic = new ShareAcknowledgeRequest.AcknowledgeTopic { TopicId = partition.TopicId });
            topic.Partitions.Add(new ShareAcknowledgeRequest.AcknowledgePartition
            {
                PartitionIndex = partition.Partition.Partition,
                AcknowledgementBatches = [.. acknowledgements.Batches(partition).Select(static batch => new ShareAcknowledgeRequest.AcknowledgementBatch { FirstOffset = batch.First, LastOffset = batch.Last, AcknowledgeTypes = batch.Types })],
            });
        }

        return request;
    }

    /// <summary>The node took the request.</summary>
    public void Succeeded()
    {
        Sent = new Acknowledgements();
        Failures = 0;
        Epoch = After(Epoch);
    }

    /// <summary>The node does not know this session, or may not: the next request opens another.</summary>
    public void Reset()
    {
        Sent = new Acknowledgements();
        Pending = new Acknowledgements();
        Epoch = 0;
        _partitions.Clear();
    }
}
