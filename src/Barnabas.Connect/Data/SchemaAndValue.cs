namespace Barnabas.Connect.Data;

/// <summary>A value with its schema; both null for nothing.</summary>
/// <param name="Schema">Null for a value without a schema.</param>
/// <param name="Value">The value.</param>
public readonly record struct SchemaAndValue(Schema? Schema, object? Value)
{
    /// <summary>Null without a schema.</summary>
    public static SchemaAndValue Null => default;
}
