namespace Barnabas.Protocol.Records;

/// <summary>A header to write with a record, or one copied out of it (KIP-82).</summary>
/// <param name="Key">Never null; may repeat within a record.</param>
/// <param name="Value">Null is allowed and different from empty.</param>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value);
