using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Features;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>The cluster's metadata as a tree of folders and files, laid out as in Kafka's shell.</summary>
internal static class MetadataTree
{
    private static readonly (sbyte Id, string Name)[] ScramMechanisms = [(1, "SCRAM-SHA-256"), (2, "SCRAM-SHA-512")];

    public static ShellNode Root(MetadataImage image) => ShellFolder.Of(
        ("local", () => ShellFolder.OfTexts([new("version", Versions.Kafka), new("commitId", $"Barnabas {Versions.Barnabas}")])),
        ("image", () => Image(image)));

    private static ShellFolder Image(MetadataImage image) => ShellFolder.Of(
        ("provenance", () => new ShellFile(Provenance(image.Provenance))),
        ("features", () => Features(image.Features)),
        ("cluster", () => Cluster(image.Cluster)),
        ("topics", () => Topics(image.Topics)),
        ("configs", () => Configs(image.Configs)),
        ("clientQuotas", () => Quotas(image.ClientQuotas)),
        ("producerIds", () => ShellFolder.OfTexts([new("nextProducerId", Text(image.NextProducerId))])),
        ("acls", () => ShellFolder.Of(("byId", () => ShellFolder.OfTexts(image.Acls.Entries.Select(entry => KeyValuePair.Create(entry.Key.ToString(), SecurityTexts.Of(entry.Value))))))),
        ("scram", () => Scram(image.Scram)),
        ("delegationToken", () => ShellFolder.OfTexts(image.DelegationTokens.Tokens.Select(token => KeyValuePair.Create(token.Key, SecurityTexts.Of(token.Value))))));

    private static string Provenance(MetadataProvenance provenance)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(provenance.LastContainedLogTimeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture);
        return $"offset {provenance.LastContainedOffset}, epoch {provenance.LastContainedEpoch}, time {time}Z[UTC]";
    }

    private static ShellFolder Features(FeaturesImage features)
    {
        var version = MetadataVersion.TryFromLevel(features.MetadataVersion, out var known) ? $"Optional[{known}]" : "Optional.empty";
        return ShellFolder.OfTexts(features.Finalized.Select(feature => KeyValuePair.Create($"finalized_{feature.Key}", Text(feature.Value)))
            .Append(KeyValuePair.Create("metadataVersion", version)));
    }

    private static ShellFolder Cluster(ClusterImage cluster) => ShellFolder.Of(
        ("brokers", () => ShellFolder.OfTexts(cluster.Brokers.Select(broker => KeyValuePair.Create(Text(broker.Key), RegistrationTexts.Of(broker.Value))))),
        ("controllers", () => ShellFolder.OfTexts(cluster.Controllers.Select(controller => KeyValuePair.Create(Text(controller.Key), RegistrationTexts.Of(controller.Value))))));

    private static ShellFolder Topics(TopicsImage topics) => ShellFolder.Of(
        ("byName", () => new ShellFolder(topics.ByName.Keys, name => topics.Find(name) is { } topic ? Topic(topic) : null)),
        ("byId", () => new ShellFolder(
            topics.ById.Keys.Select(id => id.ToString()),
            name => topics.ById.Values.FirstOrDefault(topic => topic.Id.ToString() == name) is { } topic ? Topic(topic) : null)));

    private static ShellFolder Topic(TopicImage topic) => ShellFolder.OfTexts(
        topic.Partitions.Select(partition => KeyValuePair.Create(Text(partition.Key), RegistrationTexts.Of(partition.Value)))
            .Append(KeyValuePair.Create("name", topic.Name))
            .Append(KeyValuePair.Create("id", topic.Id.ToString())));

    private static ShellFolder Configs(ConfigsImage configs)
    {
        var resources = configs.Resources.ToDictionary(resource => ResourceName(resource.Key), resource => resource.Value, StringComparer.Ordinal);
        return new ShellFolder(resources.Keys, name => resources.TryGetValue(name, out var values) ? ShellFolder.OfTexts(values) : null);
    }

    private static string ResourceName(ConfigResource resource)
    {
        var type = resource.Type switch
        {
            ConfigResourceType.Topic => "TOPIC",
            ConfigResourceType.Broker => "BROKER",
            ConfigResourceType.BrokerLogger => "BROKER_LOGGER",
            ConfigResourceType.ClientMetrics => "CLIENT_METRICS",
            ConfigResourceType.Group => "GROUP",
            _ => "UNKNOWN",
        };
        return resource.Name.Length == 0 ? type : $"{type}:{resource.Name}";
    }

    private static ShellFolder Quotas(ClientQuotasImage quotas)
    {
        var entities = quotas.Entities.ToDictionary(entity => SecurityTexts.Of(entity.Key), entity => entity.Value, StringComparer.Ordinal);
        return new ShellFolder(
            entities.Keys,
            name => entities.TryGetValue(name, out var values) ? ShellFolder.OfTexts(values.Select(value => KeyValuePair.Create(value.Key, Configuration.Validation.JavaDouble.ToText(value.Value)))) : null);
    }

    private static ShellFolder Scram(ScramImage scram) => new(
        ScramMechanisms.Select(mechanism => mechanism.Name),
        name => ScramMechanisms.FirstOrDefault(mechanism => mechanism.Name == name) is { Name: not null } found
            ? ShellFolder.OfTexts(scram.Credentials.Where(credential => credential.Key.Mechanism == found.Id)
                .Select(credential => KeyValuePair.Create(credential.Key.User, SecurityTexts.Of(credential.Value))))
            : null);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
