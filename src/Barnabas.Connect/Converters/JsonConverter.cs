using System.Text.Json;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Json;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>Kafka Connect's JsonConverter: <c>{"schema":…,"payload":…}</c>, or plain JSON with <c>schemas.enable=false</c>.</summary>
public sealed class JsonConverter : IConverter, IHeaderConverter
{
    private readonly JsonText _json = new();
    private readonly Dictionary<Schema, byte[]> _written = [];
    private readonly Dictionary<string, Schema?> _read = [];
    private readonly JsonEnvelope _envelope = new();
    private bool _hasSchemas;
    private int _cacheSize;
    private JsonValues _values = new(false, true);

    /// <summary>Its configuration keys.</summary>
    public static ConfigDef Definition { get; } = new ConfigDef()
        .Define(new("schemas.enable", ConfigType.Boolean)
        {
            Default = "true",
            Importance = ConfigImportance.High,
            Group = "Schemas",
            Order = 0,
            Width = "MEDIUM",
            DisplayName = "Enable Schemas",
            Documentation = "Whether schemas are written beside each value, and expected when reading.",
        })
        .Define(new("schemas.cache.size", ConfigType.Int)
        {
            Default = "1000",
            Importance = ConfigImportance.High,
            Group = "Schemas",
            Order = 1,
            Width = "MEDIUM",
            DisplayName = "Schema Cache Size",
            Documentation = "How many schemas are kept converted.",
        })
        .Define(new("replace.null.with.default", ConfigType.Boolean)
        {
            Default = "true",
            Importance = ConfigImportance.Low,
            Group = "Schemas",
            Order = 2,
            Width = "MEDIUM",
            DisplayName = "Replace null with default",
            Documentation = "Whether a null of a field that has a default becomes that default.",
        })
        .Define(new("decimal.format", ConfigType.String)
        {
            Default = "BASE64",
            Validator = ConfigValidators.OneOfIgnoringCase("BASE64", "NUMERIC"),
            Importance = ConfigImportance.Low,
            Group = "Serialization",
            Order = 0,
            Width = "MEDIUM",
            DisplayName = "Decimal Format",
            Documentation = "How decimals are written: BASE64 of their bytes, or NUMERIC as JSON numbers. Both are read.",
        });

    /// <summary>A converter for plain JSON.</summary>
    public static JsonConverter WithoutSchemas()
    {
        var converter = new JsonConverter();
        converter.Configure(new Dictionary<string, string> { ["schemas.enable"] = "false" });
        return converter;
    }

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey) => Configure(configs);

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _hasSchemas = values.GetBoolean("schemas.enable");
        _envelope.Forget();
        _cacheSize = values.GetInt("schemas.cache.size");
        _values = new JsonValues(values.GetString("decimal.format").Equals("NUMERIC", StringComparison.OrdinalIgnoreCase), values.GetBoolean("replace.null.with.default"));
    }

    /// <inheritdoc/>
    public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value)
    {
        if (schema is null && value is null) return null;
        _json.Reset();
        if (_hasSchemas)
        {
            _json.BeginObject();
            _json.Name("schema");
            if (schema is null) _json.Null();
            else _json.Raw(SchemaBytes(schema));
            _json.Name("payload");
            _values.Write(_json, schema, value);
            _json.EndObject();
        }
        else
        {
            _values.Write(_json, schema, value);
        }

        return _json.Written.ToArray();
    }

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes)
    {
        if (bytes is null) return SchemaAndValue.Null;
        if (_hasSchemas && _envelope.PayloadOf(bytes) is { } part)
        {
            using (part) return new SchemaAndValue(_envelope.Schema, _values.Read(_envelope.Schema, part.RootElement));
        }

        using var document = Parse(bytes);
        var root = document.RootElement;
        if (!_hasSchemas) return new SchemaAndValue(null, _values.Read(null, root));
        if (root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() != 2 || !root.TryGetProperty("schema", out var schemaJson) || !root.TryGetProperty("payload", out var payload))
            throw new DataException("JsonConverter with schemas.enable requires \"schema\" and \"payload\" fields and may not contain additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.");
        if (schemaJson.ValueKind == JsonValueKind.Null && payload.ValueKind == JsonValueKind.Null) return SchemaAndValue.Null;
        var schema = SchemaOf(schemaJson);
        _envelope.Remember(bytes, schemaJson, schema);
        return new SchemaAndValue(schema, _values.Read(schema, payload));
    }

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);

    private static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw new DataException($"Converting byte[] to Kafka Connect data failed due to serialization error: {error.Message}", error);
        }
    }

    private byte[] SchemaBytes(Schema schema)
    {
        if (_written.TryGetValue(schema, out var known)) return known;
        var json = new JsonText();
        JsonSchemas.Write(json, schema, _values);
        if (_written.Count >= _cacheSize) _written.Clear();
        return _written[schema] = json.Written.ToArray();
    }

    private Schema? SchemaOf(JsonElement json)
    {
        var text = json.GetRawText();
        if (_read.TryGetValue(text, out var known)) return known;
        var schema = JsonSchemas.Read(json, _values);
        if (_read.Count >= _cacheSize) _read.Clear();
        return _read[text] = schema;
    }
}
