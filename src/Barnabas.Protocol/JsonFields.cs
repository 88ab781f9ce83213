using System.Text.Json;

namespace Barnabas.Protocol;

/// <summary>Values as Kafka's JSON converters show them.</summary>
internal static class JsonFields
{
    public static void Write(Utf8JsonWriter json, string name, Uuid value) => json.WriteString(name, value.ToString());

    /// <summary>The number as Java spells it: always with a point or an exponent.</summary>
    public static void Write(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(JavaDouble.Format(value), skipInputValidation: true);
    }

    public static void Write(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value) => json.WriteBase64String(name, value.Span);

    public static void Write(Utf8JsonWriter json, string name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            json.WriteBase64String(name, bytes.Span);
        else
            json.WriteNull(name);
    }

    /// <summary>Records show as their size alone (KIP-673).</summary>
    public static void WriteRecords(Utf8JsonWriter json, string name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } records)
            json.WriteNumber(name + "SizeInBytes", records.Length);
        else
            json.WriteNull(name);
    }

    public static void WriteList(Utf8JsonWriter json, string name, List<string>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteStringValue(item));

    public static void WriteList(Utf8JsonWriter json, string name, List<Uuid>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteStringValue(item.ToString()));

    public static void WriteList(Utf8JsonWriter json, string name, List<sbyte>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteNumberValue(item));

    public static void WriteList(Utf8JsonWriter json, string name, List<short>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteNumberValue(item));

    public static void WriteList(Utf8JsonWriter json, string name, List<int>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteNumberValue(item));

    public static void WriteList(Utf8JsonWriter json, string name, List<long>? items) =>
        WriteList(json, name, items, static (json, item) => json.WriteNumberValue(item));

    private static void WriteList<T>(Utf8JsonWriter json, string name, List<T>? items, Action<Utf8JsonWriter, T> write)
    {
        json.WritePropertyName(name);
        if (items is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }
}
