using Barnabas.Broker.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Barnabas.Storage.Compaction;
using Barnabas.Storage.Producers;

namespace Barnabas.Broker.Node;

/// <summary>What the log manager and the controller are told of this node at start.</summary>
internal static class NodeLogs
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Locks the log directories. A process that was killed keeps its locks until the kernel has written what it was
    /// flushing, so that whoever starts it anew at once would be refused: hence a moment's patience.
    /// </summary>
    /// <exception cref="LogDirectoryInUseException">Another process uses one of the directories.</exception>
    public static async Task<LogManager> OpenAsync(BrokerConfig config, LogServices services, CancellationToken cancellation)
    {
        var began = services.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return new LogManager(Options(config), services);
            }
            catch (LogDirectoryInUseException) when (services.Time.GetElapsedTime(began) < LockPatience)
            {
            }
            await Task.Delay(LockRetryDelay, services.Time, cancellation);
        }
    }

    public static LogManagerOptions Options(BrokerConfig config) => new()
    {
        LogDirs = config.LogDirs,
        DefaultConfig = LogConfigs.For(config, new Dictionary<string, string>()),
        RecoveryThreadsPerDataDir = config.GetInt("num.recovery.threads.per.data.dir"),
        Cleaner = Cleaner(config),
        InitialTaskDelayMs = config.GetLong("log.initial.task.delay.ms"),
        RetentionCheckIntervalMs = config.GetLong("log.retention.check.interval.ms"),
        FlushSchedulerIntervalMs = config.GetLong("log.flush.scheduler.interval.ms"),
        FlushOffsetCheckpointIntervalMs = config.GetLong("log.flush.offset.checkpoint.interval.ms"),
        FlushStartOffsetCheckpointIntervalMs = config.GetLong("log.flush.start.offset.checkpoint.interval.ms"),
        HighWatermarkCheckpointIntervalMs = config.GetLong("replica.high.watermark.checkpoint.interval.ms"),
        ProducerIdExpirationCheckIntervalMs = config.GetLong("producer.id.expiration.check.interval.ms"),
    };

    /// <summary>How logs are compacted, as the configuration stands.</summary>
    public static LogCleanerOptions Cleaner(BrokerConfig config) => new()
    {
        IsEnabled = config.GetBoolean("log.cleaner.enable"),
        Threads = config.GetInt("log.cleaner.threads"),
        DedupeBufferSize = config.GetLong("log.cleaner.dedupe.buffer.size"),
        DedupeBufferLoadFactor = config.GetDouble("log.cleaner.io.buffer.load.factor"),
        IoBufferSize = config.GetInt("log.cleaner.io.buffer.size"),
        MaxIoBytesPerSecond = config.GetDouble("log.cleaner.io.max.bytes.per.second"),
        BackoffMs = config.GetLong("log.cleaner.backoff.ms"),
    };

    public static ProducerStateOptions Producers(BrokerConfig config) =>
        new(config.GetInt("producer.id.expiration.ms"), config.GetBoolean("transaction.partition.verification.enable"));

    public static BrokerRegistrationRequest Registration(
        BrokerConfig config, BrokerIdentity identity, IReadOnlyList<NodeEndpoint> endpoints, LogManager logs, Random random)
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = config.NodeId,
            ClusterId = identity.ClusterId,
            IncarnationId = Uuid.Random(random),
            Rack = config.GetOptionalString("broker.rack"),
            LogDirs = [.. logs.LiveDirectories.Select(d => d.Id)],
            PreviousBrokerEpoch = logs.PreviousBrokerEpoch,
        };
        foreach (var endpoint in endpoints)
            request.Listeners.Add(new() { Name = endpoint.Name, Host = endpoint.Host, Port = (ushort)endpoint.Port, SecurityProtocol = endpoint.SecurityProtocol });
        foreach (var (name, range) in ControllerOptions.SupportedFeaturesOf(config.UnstableFeatureVersionsEnable))
            request.Features.Add(new() { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        return request;
    }

    public static ControllerRegistrationRequest Registration(BrokerConfig config, IReadOnlyList<NodeEndpoint> endpoints, Random random)
    {
        var request = new ControllerRegistrationRequest { ControllerId = config.NodeId, IncarnationId = Uuid.Random(random) };
        foreach (var endpoint in endpoints)
            request.Listeners.Add(new() { Name = endpoint.Name, Host = endpoint.Host, Port = (ushort)endpoint.Port, SecurityProtocol = endpoint.SecurityProtocol });
        foreach (var (name, range) in ControllerOptions.SupportedFeaturesOf(config.UnstableFeatureVersionsEnable))
            request.Features.Add(new() { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        return request;
    }
}
