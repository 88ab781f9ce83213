using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Registrations in the notation of Kafka's classes, which scripts take apart.</summary>
internal static class RegistrationTexts
{
    public static string Of(PartitionRegistration partition) =>
        $"PartitionRegistration(replicas={List(partition.Replicas)}, directories={List(partition.Directories)}, isr={List(partition.Isr)}"
        + $", removingReplicas={List(partition.RemovingReplicas)}, addingReplicas={List(partition.AddingReplicas)}, elr={List(partition.Elr)}"
        + $", lastKnownElr={List(partition.LastKnownElr)}, leader={partition.Leader}"
        + $", leaderRecoveryState={partition.LeaderRecoveryState.ToString().ToUpperInvariant()}, leaderEpoch={partition.LeaderEpoch}, partitionEpoch={partition.PartitionEpoch})";

    public static string Of(BrokerRegistration broker) =>
        $"BrokerRegistration(id={broker.Id}, epoch={broker.Epoch}, incarnationId={broker.IncarnationId}, listeners={List(broker.Listeners)}"
        + $", supportedFeatures={Features(broker.SupportedFeatures)}, rack={(broker.Rack is { } rack ? $"Optional[{rack}]" : "Optional.empty")}"
        + $", fenced={Flag(broker.Fenced)}, inControlledShutdown={Flag(broker.InControlledShutdown)}, isMigratingZkBroker=false"
        + $", directories={List(broker.Directories)}, cordonedDirectories={List(broker.CordonedDirectories ?? [])})";

    public static string Of(ControllerRegistration controller) =>
        $"ControllerRegistration(id={controller.Id}, incarnationId={controller.IncarnationId}, zkMigrationReady={Flag(controller.ZkMigrationReady)}"
        + $", listeners={List(controller.Listeners)}, supportedFeatures={Features(controller.SupportedFeatures)})";

    private static string List(IEnumerable<int> numbers) => $"[{string.Join(", ", numbers)}]";

    private static string List(IEnumerable<Uuid> ids) => $"[{string.Join(", ", ids)}]";

    private static string List(IEnumerable<NodeEndpoint> endpoints) => $"[{string.Join(", ", endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal).Select(Of))}]";

    private static string Of(NodeEndpoint endpoint)
    {
        var protocol = endpoint.SecurityProtocol switch
        {
            0 => "PLAINTEXT",
            1 => "SSL",
            2 => "SASL_PLAINTEXT",
            _ => "SASL_SSL",
        };
        return $"Endpoint(listenerName='{endpoint.Name}', securityProtocol={protocol}, host='{endpoint.Host}', port={endpoint.Port})";
    }

    private static string Features(IReadOnlyDictionary<string, FeatureRange> features) =>
        $"{{{string.Join(", ", features.OrderBy(feature => feature.Key, StringComparer.Ordinal).Select(feature => $"{feature.Key}: {feature.Value}"))}}}";

    private static string Flag(bool value) => value ? "true" : "false";
}
