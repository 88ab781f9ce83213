using Barnabas.Connect.Data;

namespace Barnabas.Connect.Records;

/// <summary>What a source and a sink record share. Immutable; transforms make changed copies.</summary>
public abstract record ConnectRecord
{
    /// <summary>The topic it goes to or comes from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition; null lets Kafka choose.</summary>
    public int? Partition { get; init; }

    /// <summary>The schema of the key; null for a key without one.</summary>
    public Schema? KeySchema { get; init; }

    /// <summary>The key.</summary>
    public object? Key { get; init; }

    /// <summary>The schema of the value; null for a value without one.</summary>
    public Schema? ValueSchema { get; init; }

    /// <summary>The value; null is a tombstone.</summary>
    public object? Value { get; init; }

    /// <summary>In milliseconds since 1970; null for none.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Its headers, in order.</summary>
    public ConnectHeaders Headers { get; init; } = ConnectHeaders.Empty;
}
