using Barnabas.Protocol.Records;

namespace Barnabas.Connect.Records;

/// <summary>A record on its way out of Kafka.</summary>
public sealed record SinkRecord : ConnectRecord
{
    /// <summary>The offset in Kafka of the record it was made from.</summary>
    public required long Offset { get; init; }

    /// <summary>Who set the timestamp.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>The topic before transforms renamed it: offsets are committed for this one.</summary>
    public required string OriginalTopic { get; init; }

    /// <summary>The partition before transforms changed it.</summary>
    public required int OriginalPartition { get; init; }
}
