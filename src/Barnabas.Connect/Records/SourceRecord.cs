namespace Barnabas.Connect.Records;

/// <summary>A record on its way into Kafka, with the place in the source that it came from.</summary>
public sealed record SourceRecord : ConnectRecord
{
    /// <summary>Names the part of the source, such as a table; null for a record whose place is not kept.</summary>
    public IReadOnlyDictionary<string, object?>? SourcePartition { get; init; }

    /// <summary>Where reading goes on after this record.</summary>
    public IReadOnlyDictionary<string, object?>? SourceOffset { get; init; }
}
