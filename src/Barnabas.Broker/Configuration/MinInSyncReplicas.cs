using System.Globalization;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;

namespace Barnabas.Broker.Configuration;

/// <summary>min.insync.replicas of a topic.</summary>
internal static class MinInSyncReplicas
{
    private const string Key = "min.insync.replicas";

    public static int Of(MetadataImage image, string topic, BrokerConfig config) =>
        image.Configs.ConfigsOf(ConfigResource.ForTopic(topic)).TryGetValue(Key, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : config.GetInt(Key);
}
