using System.Text.Json;
using Barnabas.Client.Consumer.Sharing;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>The events of a share consumer.</summary>
internal sealed class ShareConsumerEvents(ToolEvents events)
{
    public void Print(string name) => events.Print(name);

    public void PrintOffsetReset(string strategy) => events.Print("offset_reset_strategy_set", json => json.WriteString("offsetResetStrategy", strategy));

    /// <summary>The records of a poll, each by itself where that is asked for, and all together.</summary>
    public void PrintConsumed(IReadOnlyList<ShareConsumeResult<string?, string?>> records, bool isVerbose)
    {
        if (isVerbose)
            foreach (var result in records)
                PrintRecord(result);
        events.Print("records_consumed", json => Write(json, records.Count, records.GroupBy(result => result.Record.TopicPartition, result => result.Record.Offset)));
    }

    public void PrintAcknowledged(TopicPartition partition, IReadOnlyList<long> offsets, string? error) => events.Print("offsets_acknowledged", json =>
    {
        Write(json, offsets.Count, offsets.GroupBy(_ => partition));
        if (error is not null)
            json.WriteString("error", error);
        json.WriteBoolean("success", error is null);
    });

    private void PrintRecord(ShareConsumeResult<string?, string?> result) => events.Print("record_data", json =>
    {
        json.WriteString("key", result.Record.Key);
        json.WriteString("value", result.Record.Value);
        json.WriteString("topic", result.Record.Topic);
        json.WriteNumber("partition", result.Record.Partition);
        json.WriteNumber("offset", result.Record.Offset);
    });

    private static void Write(Utf8JsonWriter json, int count, IEnumerable<IGrouping<TopicPartition, long>> partitions)
    {
        json.WriteNumber("count", count);
        json.WriteStartArray("partitions");
        foreach (var partition in partitions)
        {
            var offsets = partition.Order().ToList();
            json.WriteStartObject();
            json.WriteString("topic", partition.Key.Topic);
            json.WriteNumber("partition", partition.Key.Partition);
            json.WriteNumber("count", offsets.Count);
            json.WriteStartArray("offsets");
            foreach (var offset in offsets)
                json.WriteNumberValue(offset);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
