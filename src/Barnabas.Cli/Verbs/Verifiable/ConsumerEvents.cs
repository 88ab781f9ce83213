using System.Text.Json;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>The events of a consumer; told of assignments by the consumer itself.</summary>
internal sealed class ConsumerEvents(ToolEvents events) : IRebalanceListener
{
    public void Print(string name) => events.Print(name);

    public void PrintRecord(ConsumeResult<string?, string?> record) => events.Print("record_data", json =>
    {
        json.WriteString("key", record.Key);
        json.WriteString("value", record.Value);
        WritePartition(json, record.TopicPartition);
        json.WriteNumber("offset", record.Offset);
    });

    public void PrintConsumed(int count, IReadOnlyList<(TopicPartition Partition, int Count, long MinOffset, long MaxOffset)> summaries) => events.Print("records_consumed", json =>
    {
        json.WriteNumber("count", count);
        json.WriteStartArray("partitions");
        foreach (var summary in summaries)
        {
            json.WriteStartObject();
            WritePartition(json, summary.Partition);
            json.WriteNumber("count", summary.Count);
            json.WriteNumber("minOffset", summary.MinOffset);
            json.WriteNumber("maxOffset", summary.MaxOffset);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public void PrintCommitted(IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, string? error) => events.Print("offsets_committed", json =>
    {
        json.WriteStartArray("offsets");
        foreach (var (partition, offset) in offsets)
        {
            json.WriteStartObject();
            WritePartition(json, partition);
            json.WriteNumber("offset", offset.Offset);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (error is not null)
            json.WriteString("error", error);
        json.WriteBoolean("success", error is null);
    });

    public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => Print("partitions_assigned", partitions);

    public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => Print("partitions_revoked", partitions);

    private ValueTask Print(string name, IReadOnlyCollection<TopicPartition> partitions)
    {
        events.Print(name, json =>
        {
            json.WriteStartArray("partitions");
            foreach (var partition in partitions)
            {
                json.WriteStartObject();
                WritePartition(json, partition);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return default;
    }

    private static void WritePartition(Utf8JsonWriter json, TopicPartition partition)
    {
        json.WriteString("topic", partition.Topic);
        json.WriteNumber("partition", partition.Partition);
    }
}
