using System.Text;
using System.Text.Json;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Http.Source;

/// <summary>Takes records out of answers. Its entities share one learnt schema; calls from several threads take turns.</summary>
internal sealed class ValueReader(HttpSourceConfig config)
{
    private readonly Lock _gate = new();
    private readonly InferredSchema _schema = new();
    private readonly JsonConverter _maps = JsonConverter.WithoutSchemas();

    /// <summary>The records of an answer; with <paramref name="above"/>, those whose offset is higher, in the order of their offsets.</summary>
    /// <exception cref="DataException">It is not JSON, or has not what pointers point to.</exception>
    public IReadOnlyList<TakenRecord> Read(ReadOnlyMemory<byte> body, object? above)
    {
        if (config.Value == "TEXT" && config.Data.IsWhole && config.Mode is not (OffsetMode.Increasing or OffsetMode.Chaining))
            return [new TakenRecord(Schema.String, Encoding.UTF8.GetString(body.Span), null)];
        using var document = Parse(body);
        var data = config.Data.Find(document.RootElement) ?? throw new DataException("the answer has nothing where http.response.data.json.pointer points to");
        if (data.ValueKind == JsonValueKind.Null) return [];
        List<JsonElement> elements = data.ValueKind == JsonValueKind.Array ? [.. data.EnumerateArray()] : [data];
        var withOffsets = elements.Select(element => (Json: element, Offset: OffsetOf(element)));
        if (config.Mode == OffsetMode.Increasing)
            withOffsets = withOffsets.Where(pair => RecordOffset.Compare(pair.Offset, above) > 0).Order(Comparer<(JsonElement Json, object? Offset)>.Create((x, y) => RecordOffset.Compare(x.Offset, y.Offset)));
        var kept = withOffsets.ToList();
        lock (_gate)
        {
            if (config.Value == "STRUCT")
                foreach (var (json, _) in kept) _schema.Learn(json);
            return [.. kept.Select(pair => Take(pair.Json, pair.Offset))];
        }
    }

    private TakenRecord Take(JsonElement json, object? offset) => config.Value switch
    {
        "TEXT" => new TakenRecord(Schema.String, json.GetRawText(), offset),
        "MAP" => new TakenRecord(null, _maps.ToConnectData("", ConnectHeaders.Empty, Encoding.UTF8.GetBytes(json.GetRawText())).Value, offset),
        _ => new TakenRecord(_schema.Schema, _schema.Read(json), offset),
    };

    private object? OffsetOf(JsonElement json)
    {
        if (config.Mode is not (OffsetMode.Increasing or OffsetMode.Chaining)) return null;
        return RecordOffset.ValueOf(config.Offset.Find(json) ?? throw new DataException("a record has nothing where http.offset.json.pointer points to"));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw new DataException($"the answer is not JSON: {error.Message}", error);
        }
    }
}

/// <summary>A record of an answer.</summary>
/// <param name="Schema">Its schema; null for none.</param>
/// <param name="Value">Its value.</param>
/// <param name="Offset">The value of its offset field; null where that is not asked for.</param>
internal readonly record struct TakenRecord(Schema? Schema, object? Value, object? Offset);
