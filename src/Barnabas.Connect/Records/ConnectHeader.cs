using Barnabas.Connect.Data;

namespace Barnabas.Connect.Records;

/// <summary>A header of a record.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Schema">What its value is; null for a value without a schema.</param>
/// <param name="Value">Its value.</param>
public sealed record ConnectHeader(string Key, Schema? Schema, object? Value);
