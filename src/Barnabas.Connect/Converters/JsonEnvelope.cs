using System.Runtime.InteropServices;
using System.Text.Json;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Converters;

/// <summary>
/// Remembers how the last record with a schema began. One that begins with the same bytes has the same schema, which
/// need not be parsed again: it is most of such a record. For one thread.
/// </summary>
internal sealed class JsonEnvelope
{
    private static ReadOnlySpan<byte> Begin => "{\"schema\":"u8;

    private static ReadOnlySpan<byte> Middle => ",\"payload\":"u8;

    private byte[] _prefix = [];

    /// <summary>The schema of the record that is remembered.</summary>
    public Schema? Schema { get; private set; }

    /// <summary>Remembers a record that was parsed, where it is written as JsonConverter writes it.</summary>
    public void Remember(byte[] record, JsonElement schemaJson, Schema? schema)
    {
        Forget();
        var text = JsonMarshal.GetRawUtf8Value(schemaJson);
        var length = Begin.Length + text.Length + Middle.Length;
        if (schema is null || record.Length <= length || !record.AsSpan().StartsWith(Begin) || !record.AsSpan(Begin.Length).StartsWith(text)
            || !record.AsSpan(Begin.Length + text.Length).StartsWith(Middle)) return;
        _prefix = record[..length];
        Schema = schema;
    }

    public void Forget()
    {
        _prefix = [];
        Schema = null;
    }

    /// <summary>The payload of a record that begins as the last one and has nothing behind its payload; null for any other.</summary>
    public JsonDocument? PayloadOf(byte[] record)
    {
        if (_prefix.Length == 0 || record.Length <= _prefix.Length + 1 || record[^1] != (byte)'}' || !record.AsSpan().StartsWith(_prefix)) return null;
        try
        {
            return JsonDocument.Parse(record.AsMemory(_prefix.Length, record.Length - _prefix.Length - 1));
        }
        catch (JsonException)
        {
            // Something stands behind the payload, or it is not JSON: whoever parses all of it says what.
            return null;
        }
    }
}
