using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Topics;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage;

namespace Barnabas.Broker.Configuration;

/// <summary>Turns a topic's configuration into what its logs need.</summary>
internal static class LogConfigs
{
    public static LogConfig For(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides)
    {
        var topic = TopicConfig.Resolve(broker, overrides);
        var policy = topic.GetList("cleanup.policy");
        return new LogConfig
        {
            SegmentBytes = topic.GetInt("segment.bytes"),
            // What must be compacted in time has to leave the active segment in time.
            SegmentMs = policy.Contains("compact") && topic.GetLong("max.compaction.lag.ms") > 0
                ? Math.Min(topic.GetLong("max.compaction.lag.ms"), topic.GetLong("segment.ms"))
                : topic.GetLong("segment.ms"),
            SegmentJitterMs = topic.GetLong("segment.jitter.ms"),
            SegmentIndexBytes = topic.GetInt("segment.index.bytes"),
            IndexIntervalBytes = topic.GetInt("index.interval.bytes"),
            FlushMessages = topic.GetLong("flush.messages"),
            FlushMs = topic.GetLong("flush.ms"),
            RetentionBytes = topic.GetLong("retention.bytes"),
            RetentionMs = topic.GetLong("retention.ms"),
            FileDeleteDelayMs = topic.GetLong("file.delete.delay.ms"),
            MaxMessageBytes = topic.GetInt("max.message.bytes"),
            TimestampType = topic.GetString("message.timestamp.type") == "LogAppendTime" ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TimestampBeforeMaxMs = topic.GetLong("message.timestamp.before.max.ms"),
            TimestampAfterMaxMs = topic.GetLong("message.timestamp.after.max.ms"),
            Compact = policy.Contains("compact"),
            Delete = policy.Contains("delete"),
            DeleteRetentionMs = topic.GetLong("delete.retention.ms"),
            MinCleanableRatio = topic.GetDouble("min.cleanable.dirty.ratio"),
            MinCompactionLagMs = topic.GetLong("min.compaction.lag.ms"),
            MaxCompactionLagMs = topic.GetLong("max.compaction.lag.ms"),
            CompressionType = Codec(topic.GetString("compression.type")),
            CompressionLevel = Level(topic),
            Preallocate = topic.GetBoolean("preallocate"),
        };
    }

    private static CompressionType? Codec(string name) => name switch
    {
        "producer" => null,
        "gzip" => CompressionType.Gzip,
        "snappy" => CompressionType.Snappy,
        "lz4" => CompressionType.Lz4,
        "zstd" => CompressionType.Zstd,
        _ => CompressionType.None,
    };

    private static int? Level(TopicConfig topic) => topic.GetString("compression.type") switch
    {
        "gzip" => topic.GetInt("compression.gzip.level"),
        "lz4" => topic.GetInt("compression.lz4.level"),
        "zstd" => topic.GetInt("compression.zstd.level"),
        _ => null,
    };
}
