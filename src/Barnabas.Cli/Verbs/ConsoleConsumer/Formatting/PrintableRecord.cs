using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>What formatters print of a record, whichever kind of consumer read it.</summary>
internal readonly struct PrintableRecord
{
    private readonly RecordHeaderEnumerable _headers;
    private readonly IReadOnlyList<RecordHeader>? _copiedHeaders;

    /// <summary>A record inside a batch: good as long as that is.</summary>
    public PrintableRecord(TopicPartition partition, TimestampType timestampType, in RecordView record)
    {
        (Partition, TimestampType, Offset, Timestamp) = (partition, timestampType, record.Offset, record.Timestamp);
        (Key, Value, _headers) = (record.Key, record.Value, record.Headers);
    }

    /// <summary>A record as a member of a share group gets it.</summary>
    public PrintableRecord(in Client.Consumer.Sharing.ShareConsumeResult<byte[]?, byte[]?> result)
    {
        var record = result.Record;
        (Partition, TimestampType, Offset, Timestamp) = (record.TopicPartition, record.TimestampType, record.Offset, record.Timestamp);
        (Key, Value) = (Memory(record.Key), Memory(record.Value));
        _copiedHeaders = record.Headers;
        DeliveryCount = result.DeliveryCount;
    }

    public TopicPartition Partition { get; }

    public TimestampType TimestampType { get; }

    public long Offset { get; }

    /// <summary>In milliseconds since 1970, or -1.</summary>
    public long Timestamp { get; }

    public ReadOnlyMemory<byte>? Key { get; }

    public ReadOnlyMemory<byte>? Value { get; }

    /// <summary>How often it was delivered; null outside share groups.</summary>
    public int? DeliveryCount { get; }

    public IReadOnlyList<RecordHeader> Headers => _copiedHeaders ?? _headers.ToArray();

    // Without the branch, null would become an empty memory.
    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
