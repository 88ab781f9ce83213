using System.Text.Json;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Data;
using Barnabas.Connect.Json;

namespace Barnabas.Connect.Converters;

/// <summary>Values as the JSON converter writes and reads them, with a schema or without.</summary>
/// <param name="isDecimalNumeric">Whether decimals are numbers rather than base64 of their bytes.</param>
/// <param name="replacesNull">Whether a null becomes its schema's default.</param>
internal sealed class JsonValues(bool isDecimalNumeric, bool replacesNull)
{
    private readonly FieldNames _names = new();

    /// <exception cref="DataException">The value does not fit the schema.</exception>
    public void Write(JsonText json, Schema? schema, object? value)
    {
        if (value is null)
        {
            if (schema is null || schema.IsOptional && (schema.DefaultValue is null || !replacesNull))
                json.Null();
            else if (schema.DefaultValue is { } standard && replacesNull)
                Write(json, schema, standard);
            else
                throw new DataException("Conversion error: null value for field that is required and has no default value");
            return;
        }

        if (schema is { Name: not null } && LogicalTypes.IsLogical(schema))
            WriteLogical(json, schema, value);
        else
            WritePlain(json, schema, value);
    }

    /// <exception cref="DataException">The JSON is not of the schema.</exception>
    public object? Read(Schema? schema, JsonElement json)
    {
        if (schema is null) return ReadWithoutSchema(json);
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            if (schema.DefaultValue is not null && replacesNull) return schema.DefaultValue;
            return schema.IsOptional ? null : throw new DataException($"Invalid null value for required {SchemaTypes.NameOf(schema.Type).ToUpperInvariant()} field");
        }

        try
        {
            return schema.Name is not null && LogicalTypes.IsLogical(schema) ? ReadLogical(schema, json) : ReadPlain(schema, json);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or OverflowException)
        {
            throw new DataException($"{json.ValueKind} is not a value of {schema}: {error.Message}", error);
        }
    }

    private static Dictionary<object, object?> MapOf(JsonElement json) =>
        json.EnumerateObject().ToDictionary(property => (object)property.Name, property => ReadWithoutSchema(property.Value));

    private static object? ReadWithoutSchema(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Array => json.EnumerateArray().Select(ReadWithoutSchema).ToList(),
        JsonValueKind.Object => MapOf(json),
        _ => null,
    };

    private void WriteLogical(JsonText json, Schema schema, object value)
    {
        switch (schema.Name, value)
        {
            case (LogicalTypes.Decimal, BigDecimal number) when isDecimalNumeric:
                json.Raw(System.Text.Encoding.ASCII.GetBytes(number.ToString()));
                break;
            case (LogicalTypes.Decimal, BigDecimal number):
                json.Base64(LogicalTypes.ToBytes(number, schema));
                break;
            case (LogicalTypes.Date, DateTime date):
                json.Number(LogicalTypes.ToDays(date));
                break;
            case (LogicalTypes.Time, DateTime time):
                json.Number(LogicalTypes.ToMillisecondsOfDay(time));
                break;
            case (LogicalTypes.Timestamp, DateTime instant):
                json.Number(LogicalTypes.ToMilliseconds(instant));
                break;
            default:
                throw new DataException($"Invalid type for {schema.Name}, underlying representation should be {SchemaTypes.NameOf(schema.Type)} but was {value.GetType().Name}");
        }
    }

    private void WritePlain(JsonText json, Schema? schema, object value)
    {
        if (schema is not null) ConnectValues.Validate(schema, value, null);
        switch (value)
        {
            case string text: json.Text(text); break;
            case long number: json.Number(number); break;
            case int number: json.Number(number); break;
            case short number: json.Number(number); break;
            case sbyte number: json.Number(number); break;
            case bool flag: json.Boolean(flag); break;
            case double number when double.IsFinite(number): json.Number(number); break;
            case float number when float.IsFinite(number): json.Number(number); break;
            case double number: json.Text(JavaDouble.ToText(number)); break;
            case float number: json.Text(JavaDouble.ToText(number)); break;
            case byte[] bytes: json.Base64(bytes); break;
            case Struct structure: WriteStruct(json, structure); break;
            case IReadOnlyDictionary<object, object?> map: WriteMap(json, schema, map); break;
            case IReadOnlyList<object?> list:
                json.BeginArray();
                foreach (var element in list) Write(json, schema?.ValueSchema, element);
                json.EndArray();
                break;
            default: throw new DataException($"Java class {ConnectValues.JavaName(value)} does not have corresponding schema type.");
        }
    }

    private void WriteStruct(JsonText json, Struct structure)
    {
        var fields = structure.Schema.Fields;
        var names = _names.Of(structure.Schema);
        json.BeginObject();
        for (var i = 0; i < fields.Count; i++)
        {
            json.RawName(names[i].Quoted);
            Write(json, fields[i].Schema, replacesNull ? structure.Get(fields[i]) : structure.GetWithoutDefault(fields[i]));
        }

        json.EndObject();
    }

    // Keys of text make an object; others a list of pairs.
    private void WriteMap(JsonText json, Schema? schema, IReadOnlyDictionary<object, object?> map)
    {
        var isObject = schema is null ? map.Keys.All(key => key is string) : schema.KeySchema!.Type == SchemaType.String;
        if (isObject) json.BeginObject();
        else json.BeginArray();
        foreach (var (key, value) in map)
        {
            if (isObject)
            {
                json.Name((string)key);
                Write(json, schema?.ValueSchema, value);
                continue;
            }

            json.BeginArray();
            Write(json, schema?.KeySchema, key);
            Write(json, schema?.ValueSchema, value);
            json.EndArray();
        }

        if (isObject) json.EndObject();
        else json.EndArray();
    }

    private static object ReadLogical(Schema schema, JsonElement json) => schema.Name switch
    {
        LogicalTypes.Date => LogicalTypes.FromDays(json.GetInt32()),
        LogicalTypes.Time => LogicalTypes.FromMillisecondsOfDay(json.GetInt32()),
        LogicalTypes.Timestamp => LogicalTypes.FromMilliseconds(json.GetInt64()),
        _ => json.ValueKind == JsonValueKind.Number
            ? BigDecimal.Parse(json.GetRawText())
            : LogicalTypes.FromBytes(json.GetBytesFromBase64(), schema),
    };

    private object ReadPlain(Schema schema, JsonElement json) => schema.Type switch
    {
        SchemaType.Int8 => unchecked((sbyte)Whole(json)),
        SchemaType.Int16 => unchecked((short)Whole(json)),
        SchemaType.Int32 => unchecked((int)Whole(json)),
        SchemaType.Int64 => Whole(json),
        SchemaType.Float32 => json.GetSingle() + 0f,
        SchemaType.Float64 => json.GetDouble() + 0d,
        SchemaType.Boolean => json.GetBoolean(),
        SchemaType.String => json.GetString()!,
        SchemaType.Bytes => json.GetBytesFromBase64(),
        SchemaType.Array => json.EnumerateArray().Select(element => Read(schema.ValueSchema, element)).ToList(),
        SchemaType.Map => ReadMap(schema, json),
        _ => ReadStruct(schema, json),
    };

    // Numbers that do not fit wrap, and fractions are cut off, as in Kafka Connect.
    private static long Whole(JsonElement json) => json.TryGetInt64(out var whole) ? whole : (long)json.GetDouble();

    private Dictionary<object, object?> ReadMap(Schema schema, JsonElement json)
    {
        var map = new Dictionary<object, object?>();
        if (schema.KeySchema!.Type == SchemaType.String)
        {
            if (json.ValueKind != JsonValueKind.Object) throw new DataException("Maps with string fields should be encoded as JSON objects, but found " + Kind(json));
            foreach (var property in json.EnumerateObject()) map[property.Name] = Read(schema.ValueSchema, property.Value);
            return map;
        }

        if (json.ValueKind != JsonValueKind.Array) throw new DataException("Maps with non-string fields should be encoded as JSON array of tuples, but found " + Kind(json));
        foreach (var pair in json.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
                throw new DataException("Found invalid map entry, expected length 2 but found " + (pair.ValueKind == JsonValueKind.Array ? pair.GetArrayLength() : 0));
            map[Read(schema.KeySchema, pair[0]) ?? throw new DataException("A map's key is null.")] = Read(schema.ValueSchema, pair[1]);
        }

        return map;
    }

    private static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "BOOLEAN",
        var kind => kind.ToString().ToUpperInvariant(),
    };

    private Struct ReadStruct(Schema schema, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new DataException("Structs should be encoded as JSON objects, but found " + Kind(json));
        var structure = new Struct(schema);
        var fields = schema.Fields;
        var names = _names.Of(schema);
        // Nearly all JSON has the fields in the schema's order, each once; what has not is searched field by field.
        var at = 0;
        foreach (var property in json.EnumerateObject())
        {
            if (at == fields.Count || !property.NameEquals(names[at].Plain)) return Search(structure, json);
            structure.Put(fields[at], Read(fields[at].Schema, property.Value));
            at++;
        }

        return at == fields.Count ? structure : Search(structure, json);
    }

    private Struct Search(Struct structure, JsonElement json)
    {
        foreach (var field in structure.Schema.Fields)
            structure.Put(field, Read(field.Schema, json.TryGetProperty(field.Name, out var value) ? value : default));
        return structure;
    }
}
