using System.Text.Json;
using Barnabas.Connect.Data;
using Barnabas.Connect.Json;

namespace Barnabas.Connect.Converters;

/// <summary>Schemas as the JSON converter writes them beside the payload.</summary>
internal static class JsonSchemas
{
    public static void Write(JsonText json, Schema? schema, JsonValues values, string? field = null)
    {
        if (schema is null)
        {
            json.Null();
            return;
        }

        json.BeginObject();
        json.Name("type");
        json.Text(schema.Type == SchemaType.Float32 ? "float" : schema.Type == SchemaType.Float64 ? "double" : SchemaTypes.NameOf(schema.Type));
        WriteParts(json, schema, values);
        json.Name("optional");
        json.Boolean(schema.IsOptional);
        if (schema.Name is { } name) Text(json, "name", name);
        if (schema.Version is { } version)
        {
            json.Name("version");
            json.Number(version);
        }

        if (schema.Doc is { } doc) Text(json, "doc", doc);
        if (schema.Parameters.Count > 0)
        {
            json.Name("parameters");
            json.BeginObject();
            foreach (var (parameter, value) in schema.Parameters) Text(json, parameter, value);
            json.EndObject();
        }

        if (schema.DefaultValue is { } standard)
        {
            json.Name("default");
            values.Write(json, schema, standard);
        }

        if (field is not null) Text(json, "field", field);
        json.EndObject();
    }

    /// <exception cref="DataException">The JSON is no schema.</exception>
    public static Schema? Read(JsonElement json, JsonValues values)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            throw new DataException("Schema must contain 'type' field");
        var builder = Begin(type.GetString()!, json, values);
        builder.Optional(json.TryGetProperty("optional", out var optional) && optional.ValueKind == JsonValueKind.True);
        if (Property(json, "name") is { } name)
            builder.Named(name.ValueKind == JsonValueKind.String ? name.GetString() : throw new DataException("Invalid schema name: must be a string"));
        if (Property(json, "version") is { } version)
            builder.OfVersion(version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) ? number : throw new DataException("Invalid schema version: must be an integer"));
        if (Property(json, "doc") is { } doc)
            builder.Documented(doc.ValueKind == JsonValueKind.String ? doc.GetString() : throw new DataException("Invalid schema doc: must be a string"));
        if (Property(json, "parameters") is { } parameters)
        {
            if (parameters.ValueKind != JsonValueKind.Object) throw new DataException("Schema's \"parameters\" must be an object.");
            foreach (var parameter in parameters.EnumerateObject())
                builder.Parameter(parameter.Name, parameter.Value.ValueKind == JsonValueKind.String ? parameter.Value.GetString()! : throw new DataException("Schema parameters must have string values."));
        }

        if (Property(json, "default") is { } standard) builder.Default(values.Read(builder.Build(), standard));
        return builder.Build();
    }

    private static void WriteParts(JsonText json, Schema schema, JsonValues values)
    {
        switch (schema.Type)
        {
            case SchemaType.Array:
                json.Name("items");
                Write(json, schema.ValueSchema, values);
                break;
            case SchemaType.Map:
                json.Name("keys");
                Write(json, schema.KeySchema, values);
                json.Name("values");
                Write(json, schema.ValueSchema, values);
                break;
            case SchemaType.Struct:
                json.Name("fields");
                json.BeginArray();
                foreach (var field in schema.Fields) Write(json, field.Schema, values, field.Name);
                json.EndArray();
                break;
        }
    }

    private static SchemaBuilder Begin(string type, JsonElement json, JsonValues values)
    {
        switch (type)
        {
            case "float": return SchemaBuilder.OfType(SchemaType.Float32);
            case "double": return SchemaBuilder.OfType(SchemaType.Float64);
            case "array":
                return SchemaBuilder.Array(Part(json, "items", values) ?? throw new DataException("Array schema did not specify the element type"));
            case "map":
                return SchemaBuilder.Map(
                    Part(json, "keys", values) ?? throw new DataException("Map schema did not specify the key type"),
                    Part(json, "values", values) ?? throw new DataException("Map schema did not specify the value type"));
            case "struct":
                return Fields(json, values);
        }

        return SchemaTypes.TryParse(type, out var plain) && plain is not (SchemaType.Float32 or SchemaType.Float64)
            ? SchemaBuilder.OfType(plain)
            : throw new DataException("Unknown schema type: " + type);
    }

    private static SchemaBuilder Fields(JsonElement json, JsonValues values)
    {
        if (!json.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array)
            throw new DataException("Struct schema's \"fields\" argument is not an array.");
        var builder = SchemaBuilder.Struct();
        foreach (var field in fields.EnumerateArray())
        {
            if (field.ValueKind != JsonValueKind.Object || Property(field, "field") is not { ValueKind: JsonValueKind.String } name)
                throw new DataException("Struct schema's field name not specified properly");
            builder.Field(name.GetString()!, Read(field, values)!);
        }

        return builder;
    }

    private static Schema? Part(JsonElement json, string name, JsonValues values) => Property(json, name) is { } part ? Read(part, values) : null;

    private static JsonElement? Property(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Text(JsonText json, string name, string value)
    {
        json.Name(name);
        json.Text(value);
    }
}
