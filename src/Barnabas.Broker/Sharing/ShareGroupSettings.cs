using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Broker.Sharing;

/// <summary>The configuration of share groups that this broker acts on: the group's own, or the broker's for all. Read anew each time, so that changes take effect at once.</summary>
internal sealed class ShareGroupSettings(MetadataCache metadata, DynamicBrokerConfig config)
{
    public SharePartitionSettings Of(string groupId)
    {
        var own = Own(groupId);
        var broker = config.Current;
        return new SharePartitionSettings(
            Int(own, "share.partition.max.record.locks") ?? broker.GetInt("group.share.partition.max.record.locks"),
            Int(own, "share.delivery.count.limit") ?? broker.GetInt("group.share.delivery.count.limit"),
            Int(own, "share.record.lock.duration.ms") ?? broker.GetInt("group.share.record.lock.duration.ms"),
            !own.TryGetValue("share.renew.acknowledge.enable", out var renew) || !renew.Trim().Equals("false", StringComparison.OrdinalIgnoreCase));
    }

    public FetchIsolation IsolationOf(string groupId) =>
        Own(groupId).TryGetValue("share.isolation.level", out var level) && level.Trim().Equals("read_committed", StringComparison.OrdinalIgnoreCase)
            ? FetchIsolation.TransactionCommitted
            : FetchIsolation.HighWatermark;

    /// <summary>Where the group begins a partition that it has never read: at the end, at the beginning, or so long ago (share.auto.offset.reset).</summary>
    /// <exception cref="KafkaException">OFFSET_NOT_AVAILABLE: no record is that young.</exception>
    public long ResetOffset(string groupId, UnifiedLog log, DateTimeOffset now)
    {
        var strategy = Own(groupId).GetValueOrDefault("share.auto.offset.reset", "latest").Trim();
        if (strategy.Equals("earliest", StringComparison.OrdinalIgnoreCase))
            return log.LogStartOffset;
        const string byDuration = "by_duration:";
        if (!strategy.StartsWith(byDuration, StringComparison.OrdinalIgnoreCase))
            return log.HighWatermark;
        var since = now - System.Xml.XmlConvert.ToTimeSpan(strategy[byDuration.Length..]);
        return log.FetchOffsetByTimestamp(since.ToUnixTimeMilliseconds())?.Offset
            ?? throw new KafkaException(ErrorCode.OffsetNotAvailable, $"Offset for timestamp {since.ToUnixTimeMilliseconds()} not found for topic partition: {log.TopicPartition}");
    }

    private IReadOnlyDictionary<string, string> Own(string groupId) => metadata.Image.Configs.ConfigsOf(new ConfigResource(ConfigResourceType.Group, groupId));

    private static int? Int(IReadOnlyDictionary<string, string> own, string key) =>
        own.TryGetValue(key, out var value) && int.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
