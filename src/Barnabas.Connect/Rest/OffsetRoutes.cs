using System.Text.Json;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Rest;

/// <summary><c>/connectors/NAME/offsets</c>: where connectors have read to (KIP-875).</summary>
internal static class OffsetRoutes
{
    public static void Map(RouteTable routes, HerderHandle handle)
    {
        routes.Get("/connectors/{name}/offsets", async context =>
        {
            var offsets = await handle.Herder.OffsetsAsync(ConnectorRoutes.Name(context), context.Stop);
            var converter = JsonConverter.WithoutSchemas();
            await RestJson.WriteAsync(context, 200, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("offsets");
                foreach (var (partition, offset) in offsets)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("partition");
                    Map(json, converter, partition);
                    json.WritePropertyName("offset");
                    Map(json, converter, offset);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
        });
        routes.Patch("/connectors/{name}/offsets", async context =>
        {
            var body = RestJson.ReadObject(context);
            var message = await handle.Herder.AlterOffsetsAsync(ConnectorRoutes.Name(context), Read(body), context.Stop);
            await MessageAsync(context, message);
        });
        routes.Delete("/connectors/{name}/offsets", async context =>
            await MessageAsync(context, await handle.Herder.ResetOffsetsAsync(ConnectorRoutes.Name(context), context.Stop)));
    }

    private static void Map(Utf8JsonWriter json, JsonConverter converter, IReadOnlyDictionary<string, object?>? map)
    {
        if (map is null) json.WriteNullValue();
        else json.WriteRawValue(converter.FromConnectData("", ConnectHeaders.Empty, null, map.ToDictionary(pair => (object)pair.Key, pair => pair.Value)));
    }

    private static List<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> Read(JsonElement body)
    {
        if (!body.TryGetProperty("offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() == 0)
            throw new RestException(400, "Partitions / offsets need to be provided for an alter offsets request");
        var values = new JsonValues(isDecimalNumeric: false, replacesNull: true);
        return [.. offsets.EnumerateArray().Select(entry => KeyValuePair.Create(
            Names(values, entry, "partition") ?? throw new RestException(400, "Each offset needs a partition."), Names(values, entry, "offset")))];
    }

    private static IReadOnlyDictionary<string, object?>? Names(JsonValues values, JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var json) && values.Read(null, json) is IReadOnlyDictionary<object, object?> map ? map.ToDictionary(pair => (string)pair.Key, pair => pair.Value) : null;

    private static Task MessageAsync(RestContext context, string message) => RestJson.WriteAsync(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteEndObject();
    });
}
