using System.Text.Json;
using Barnabas.Client.Admin;
using Barnabas.Client.Networking;

namespace Barnabas.Cli.Verbs.Topics;

/// <summary>A partition of kafka-topics --describe --json.</summary>
internal static class PartitionJson
{
    public static void Write(Utf8JsonWriter json, PartitionDescription partition)
    {
        json.WriteStartObject();
        json.WriteNumber("partition", partition.Partition);
        if (partition.Leader is { } leader)
            json.WriteNumber("leader", leader.Id);
        else
            json.WriteNull("leader");
        WriteIds(json, "replicas", partition.Replicas);
        WriteIds(json, "isr", partition.InSyncReplicas);
        WriteIds(json, "elr", partition.EligibleLeaderReplicas);
        WriteIds(json, "lastKnownElr", partition.LastKnownEligibleLeaderReplicas);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<Node>? nodes)
    {
        if (nodes is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var node in nodes)
            json.WriteNumberValue(node.Id);
        json.WriteEndArray();
    }
}
