using Barnabas.Broker.Cache;
using Barnabas.Configuration.Brokers;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Transactions;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Compression;

namespace Barnabas.Broker.Transactions;

/// <summary>Tells the transaction coordinator which partitions of its topic this broker leads. Called by the metadata publisher.</summary>
internal sealed class TransactionCoordination(TransactionCoordinatorService transactions, int localId)
{
    private readonly HashSet<int> _led = [];

    public static TransactionCoordinatorConfig Config(BrokerConfig config) => new()
    {
        MaxTimeoutMs = config.GetInt("transaction.max.timeout.ms"),
        TransactionalIdExpirationMs = config.GetInt("transactional.id.expiration.ms"),
        AbortTimedOutIntervalMs = config.GetInt("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
        RemoveExpiredIntervalMs = config.GetInt("transaction.remove.expired.transaction.cleanup.interval.ms"),
        TwoPhaseCommitEnable = config.GetBoolean("transaction.two.phase.commit.enable"),
    };

    public static CoordinatorRuntimeOptions RuntimeOptions(BrokerConfig config) => new(
        -1, config.GetInt("request.timeout.ms"), config.GetInt("transaction.state.log.load.buffer.size"), CompressionType.None);

    /// <summary>Begins to answer, for as many partitions as the topic has or will have.</summary>
    public void Start(MetadataImage image, BrokerConfig config) =>
        transactions.Start(image.Topics.Find(TopicNames.TransactionState)?.PartitionCount ?? config.GetInt("transaction.state.log.num.partitions"));

    /// <summary>Takes over and gives up partitions. Before the metadata is published, so that a client that finds its coordinator finds it at work.</summary>
    public void ApplyLeadership(MetadataDelta delta)
    {
        if (delta.Topics is not { } topics)
            return;
        if (topics.DeletedTopics.Values.Any(deleted => deleted.Name == TopicNames.TransactionState))
            ResignAll();
        foreach (var changed in topics.ChangedTopics.Values)
        {
            if (changed.Name != TopicNames.TransactionState)
                continue;
            foreach (var (index, registration) in changed.PartitionChanges)
                Apply(index, registration);
        }
    }

    private void Apply(int index, PartitionRegistration registration)
    {
        if (registration.Leader == localId)
        {
            _led.Add(index);
            transactions.OnElection(index, registration.LeaderEpoch);
        }
        else if (_led.Remove(index))
        {
            transactions.OnResignation(index, registration.LeaderEpoch);
        }
    }

    private void ResignAll()
    {
        foreach (var index in _led)
            transactions.OnResignation(index, null);
        _led.Clear();
    }
}
