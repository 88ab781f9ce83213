using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Sharing;
using Barnabas.Broker.Transactions;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>
/// Brings the broker in line with each new metadata image: first its logs, then the coordinators, then what requests see.
/// Lives on the metadata loader's thread.
/// </summary>
internal sealed class BrokerMetadataPublisher(
    int localId, LogManager logs, ReplicaManager replicas, MetadataCache cache, DynamicBrokerConfig config, GroupCoordination groups,
    ShareCoordination shares, SharePartitionManager sharePartitions, TransactionCoordination transactions, StandardAuthorizer? authorizer, ILogger logger)
    : IMetadataPublisher
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _logsLoaded;

    /// <summary>Completes when the first image is applied: logs are loaded and served.</summary>
    public Task FirstPublished => _first.Task;

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        try
        {
            if (delta.Configs is not null)
                config.Apply(image.Configs);
            if (!_logsLoaded)
                LoadLogs(image);
            replicas.Apply(delta, image);
            shares.ApplyLeadership(delta, image);
            groups.ApplyLeadership(delta, image);
            transactions.ApplyLeadership(delta);
            if (delta.AclsChanged)
                authorizer?.Apply(image.Acls);
            cache.Publish(image);
            groups.ApplyDeletions(delta);
            shares.ApplyDeletions(delta);
            sharePartitions.Apply(delta);
            _first.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // The node was asked to stop while it loaded its logs.
            _first.TrySetCanceled();
        }
        catch (Exception e)
        {
            BrokerLog.PublishFailed(logger, image.Provenance.LastContainedOffset, e);
            _first.TrySetException(e);
            throw;
        }
    }

    private void LoadLogs(MetadataImage image)
    {
        _logsLoaded = true;
        logs.Startup(
            partition => LogConfigs.For(config.Current, image.Configs.ConfigsOf(ConfigResource.ForTopic(partition.Topic))),
            (partition, topicId) => image.Topics.Find(topicId) is not { } topic
                || topic.Name != partition.Topic
                || topic.Partition(partition.Partition) is not { } registration
                || Array.IndexOf(registration.Replicas, localId) < 0);
        if (!logs.LiveDirectories.Any())
            throw new KafkaStorageException($"Shutdown broker because all log dirs in {string.Join(", ", logs.Directories.Select(d => d.Path))} have failed");
        logs.StartSchedules();
    }
}
