using Barnabas.Broker.Cache;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Replication;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Storage;
using Barnabas.Transport.Server;

namespace Barnabas.Broker.Telemetry;

/// <summary>What a node's metrics are read from.</summary>
internal sealed record NodeMetricSources
{
    public required int NodeId { get; init; }

    public required MetadataCache Metadata { get; init; }

    public required ReplicaManager Replicas { get; init; }

    public required LogManager Logs { get; init; }

    public required FetchSessionCache FetchSessions { get; init; }

    public required RequestMetrics Requests { get; init; }

    public required TopicMetrics Topics { get; init; }

    public required ClientTelemetry ClientTelemetry { get; init; }

    public required IController Controller { get; init; }

    public required Func<IReadOnlyList<Listener>> Listeners { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>Reads all metrics of a node. Costs nothing until somebody asks.</summary>
internal sealed class NodeMetrics(NodeMetricSources sources)
{
    private readonly ProcessMetrics _process = new(sources.Time);

    public IEnumerable<MetricSample> Read() =>
        Requests().Concat(Topics()).Concat(Partitions()).Concat(Replicas()).Concat(LogDirectories()).Concat(Controller()).Concat(Network())
            .Concat(_process.Read()).Concat(sources.ClientTelemetry.Read());

    private IEnumerable<MetricSample> Requests()
    {
        foreach (var (key, version, summary) in sources.Requests.Read())
        {
            var request = key.ToString();
            var counted = ("version", version.ToString(System.Globalization.CultureInfo.InvariantCulture));
            yield return Counter("kafka_network_requestmetrics_requests_total", "Requests answered.", summary.Count, ("request", request), counted);
            yield return Counter("kafka_network_requestmetrics_totaltimems_count", "Requests answered.", summary.Count, ("request", request), counted);
            yield return Counter("kafka_network_requestmetrics_totaltimems_sum", "Milliseconds that requests took.", summary.SumMs, ("request", request), counted);
            foreach (var (quantile, value) in new[] { ("0.50", summary.P50), ("0.75", summary.P75), ("0.95", summary.P95), ("0.99", summary.P99), ("0.999", summary.P999) })
                yield return Gauge("kafka_network_requestmetrics_totaltimems", "Milliseconds from a request's arrival to its response, lately.", value, ("request", request), counted, ("quantile", quantile));
        }
    }

    private IEnumerable<MetricSample> Topics()
    {
        var all = new TopicCounts();
        foreach (var (topic, counts) in TopicMetrics.Read(sources.Replicas.Partitions))
        {
            all = all.Plus(counts);
            foreach (var sample in Of(counts, ("topic", topic)))
                yield return sample;
        }
        foreach (var sample in Of(all))
            yield return sample;
        yield return Counter("kafka_server_brokertopicmetrics_failedproducerequests_total", "Appends that were refused.", sources.Topics.FailedProduceRequests);
        yield return Counter("kafka_server_brokertopicmetrics_failedfetchrequests_total", "Reads that were refused.", sources.Topics.FailedFetchRequests);

        static IEnumerable<MetricSample> Of(TopicCounts counts, params (string, string)[] labels)
        {
            yield return Counter("kafka_server_brokertopicmetrics_bytesin_total", "Bytes appended since the start.", counts.BytesIn, labels);
            yield return Counter("kafka_server_brokertopicmetrics_bytesout_total", "Bytes read by clients since the start.", counts.BytesOut, labels);
            yield return Counter("kafka_server_brokertopicmetrics_messagesin_total", "Records appended since the start.", counts.MessagesIn, labels);
        }
    }

    private IEnumerable<MetricSample> Partitions()
    {
        foreach (var partition in sources.Replicas.Partitions)
        {
            (string, string)[] labels = [("topic", partition.TopicPartition.Topic), ("partition", partition.TopicPartition.Partition.ToString(System.Globalization.CultureInfo.InvariantCulture))];
            var log = partition.Log;
            var registration = partition.Registration;
            yield return Gauge("kafka_log_log_size", "Bytes of a log.", log.SizeInBytes, labels);
            yield return Gauge("kafka_log_log_logstartoffset", "The first offset of a log.", log.LogStartOffset, labels);
            yield return Gauge("kafka_log_log_logendoffset", "The offset that the next record gets.", log.LogEndOffset, labels);
            yield return Gauge("kafka_log_log_numlogsegments", "Segments of a log.", log.SegmentCount, labels);
            yield return Gauge("kafka_cluster_partition_laststableoffsetlag", "Records between last stable offset and high watermark.", log.HighWatermark - log.LastStableOffset, labels);
            yield return Gauge("kafka_cluster_partition_underreplicated", "1 where replicas are not in sync.", Flag(registration.Isr.Length < registration.Replicas.Length), labels);
            yield return Gauge("kafka_cluster_partition_insyncreplicascount", "Replicas in sync.", registration.Isr.Length, labels);
            yield return Gauge("kafka_cluster_partition_replicascount", "Replicas.", registration.Replicas.Length, labels);
        }
    }

    private IEnumerable<MetricSample> Replicas()
    {
        var partitions = sources.Replicas.Partitions;
        yield return Gauge("kafka_server_replicamanager_partitioncount", "Partitions on this broker.", partitions.Count);
        yield return Gauge("kafka_server_replicamanager_leadercount", "Partitions that this broker leads.", partitions.Count(p => p.IsLeader));
        yield return Gauge("kafka_server_replicamanager_offlinereplicacount", "Replicas whose log cannot be opened.", sources.Replicas.OfflineCount);
        yield return Gauge(
            "kafka_server_replicamanager_underreplicatedpartitions", "Partitions led here with replicas not in sync.",
            partitions.Count(p => p.IsLeader && p.Registration.Isr.Length < p.Registration.Replicas.Length));
        yield return Gauge("kafka_server_delayedoperationpurgatory_purgatorysize", "Waits of fetches for partitions.", partitions.Sum(p => p.WaitingFetches), ("delayedOperation", "Fetch"));
        yield return Gauge("kafka_server_fetchsessioncache_numincrementalfetchsessions", "Fetch sessions.", sources.FetchSessions.Count);
    }

    private IEnumerable<MetricSample> LogDirectories()
    {
        foreach (var directory in sources.Logs.Directories)
            yield return Gauge("kafka_log_logmanager_logdirectoryoffline", "1 where a log directory failed.", Flag(directory.State.IsOffline), ("logDirectory", directory.Path));
        yield return Gauge("kafka_log_logmanager_offlinelogdirectorycount", "Log directories that failed.", sources.Logs.Directories.Count(d => d.State.IsOffline));
        var cleaner = sources.Logs.Cleaner.Status;
        yield return Gauge("kafka_log_logcleanermanager_max_dirty_percent", "The dirty share of the dirtiest log.", cleaner.MaxDirtyPercent);
        yield return Gauge("kafka_log_logcleanermanager_uncleanable_partitions_count", "Logs that cannot be compacted.", cleaner.UncleanablePartitions);
        yield return Gauge("kafka_log_logcleaner_max_compaction_delay_secs", "By how much max.compaction.lag.ms is exceeded.", cleaner.MaxDelayMs / 1000.0);
        yield return Gauge("kafka_log_logcleaner_cleaner_recopy_percent", "Bytes that the last compaction kept.", cleaner.RecopyPercent);
        yield return Gauge("kafka_log_logcleaner_max_buffer_utilization_percent", "How full the last compaction's key map was.", cleaner.BufferUtilizationPercent);
        yield return Gauge("kafka_log_logcleaner_max_clean_time_secs", "How long the last compaction took.", cleaner.LastCleanMs / 1000.0);
    }

    private IEnumerable<MetricSample> Controller()
    {
        var image = sources.Metadata.Image;
        var brokers = image.Cluster.Brokers.Values;
        var partitions = image.Topics.ByName.Values.SelectMany(t => t.Partitions.Select(p => p.Value)).ToList();
        yield return Gauge("kafka_controller_kafkacontroller_activecontrollercount", "1 where this node is the active controller.", Flag(sources.Controller.IsActive));
        yield return Gauge("kafka_controller_kafkacontroller_activebrokercount", "Brokers that serve clients.", brokers.Count(b => !b.Fenced));
        yield return Gauge("kafka_controller_kafkacontroller_fencedbrokercount", "Brokers that are fenced.", brokers.Count(b => b.Fenced));
        yield return Gauge("kafka_controller_kafkacontroller_globaltopiccount", "Topics.", image.Topics.ByName.Count);
        yield return Gauge("kafka_controller_kafkacontroller_globalpartitioncount", "Partitions.", partitions.Count);
        yield return Gauge("kafka_controller_kafkacontroller_offlinepartitionscount", "Partitions without a leader.", partitions.Count(p => p.Leader < 0));
        yield return Gauge("kafka_controller_kafkacontroller_preferredreplicaimbalancecount", "Partitions not led by their first replica.", partitions.Count(p => p.Replicas.Length > 0 && p.Leader != p.Replicas[0]));
        yield return Gauge("kafka_controller_kafkacontroller_lastappliedrecordoffset", "The last metadata record applied.", image.Provenance.LastContainedOffset);
        yield return Gauge("kafka_server_metadataloader_currentmetadataversion", "The metadata version in force.", image.Features.MetadataVersion);
        yield return Gauge("kafka_server_kafkaserver_brokerstate", "3 while this broker serves clients, 2 before.", image.Cluster.AliveBroker(sources.NodeId) is null ? 2 : 3);
    }

    private IEnumerable<MetricSample> Network()
    {
        foreach (var listener in sources.Listeners())
            yield return Gauge("kafka_server_socket_server_metrics_connection_count", "Open connections.", listener.ConnectionCount, ("listener", listener.Name));
        var idle = _process.IdleRatio;
        yield return Gauge("kafka_network_socketserver_networkprocessoravgidlepercent", "The share of the processors that this process left idle.", idle);
        yield return Gauge("kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent", "The share of the processors that this process left idle.", idle);
    }

    private static double Flag(bool value) => value ? 1 : 0;

    private static MetricSample Counter(string name, string help, double value, params (string, string)[] labels) => new(name, MetricKind.Counter, help, value, labels);

    private static MetricSample Gauge(string name, string help, double value, params (string, string)[] labels) => new(name, MetricKind.Gauge, help, value, labels);
}
