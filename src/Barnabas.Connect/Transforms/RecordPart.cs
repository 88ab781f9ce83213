using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>The key or the value of a record: the transforms with <c>$Key</c> and <c>$Value</c> work on either.</summary>
public enum RecordPart
{
    /// <summary>The key.</summary>
    Key,

    /// <summary>The value.</summary>
    Value,
}

/// <summary>Reads and replaces a part of a record.</summary>
internal static class RecordParts
{
    public static SchemaAndValue Of(this ConnectRecord record, RecordPart part) =>
        part == RecordPart.Key ? new(record.KeySchema, record.Key) : new(record.ValueSchema, record.Value);

    public static ConnectRecord With(this ConnectRecord record, RecordPart part, Schema? schema, object? value) => part == RecordPart.Key
        ? record with { KeySchema = schema, Key = value }
        : record with { ValueSchema = schema, Value = value };

    /// <exception cref="DataException">The part is no struct.</exception>
    public static Struct RequireStruct(object? value, string purpose) =>
        value as Struct ?? throw new DataException($"Only Struct objects supported for [{purpose}], found: {NameOf(value)}");

    /// <exception cref="DataException">The part is no map.</exception>
    public static IReadOnlyDictionary<object, object?> RequireMap(object? value, string purpose) =>
        value as IReadOnlyDictionary<object, object?> ?? throw new DataException($"Only Map objects supported in absence of schema for [{purpose}], found: {NameOf(value)}");

    private static string NameOf(object? value) => value is null ? "null" : ConnectValues.JavaName(value).Replace("class ", "", StringComparison.Ordinal);
}
