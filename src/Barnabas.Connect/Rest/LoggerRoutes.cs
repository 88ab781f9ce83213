using System.Text.Json;
using Barnabas.Connect.Herding;

namespace Barnabas.Connect.Rest;

/// <summary><c>/admin/loggers</c>: the levels of loggers, of this worker or of all (KIP-495, KIP-976).</summary>
internal static class LoggerRoutes
{
    private static readonly HashSet<string> Levels = new(StringComparer.OrdinalIgnoreCase) { "OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL" };

    public static void Map(RouteTable routes, HerderHandle handle)
    {
        routes.Get("/admin/loggers", context => RestJson.WriteAsync(context, 200, json =>
        {
            json.WriteStartObject();
            foreach (var (name, (level, modified)) in handle.Herder.Loggers.All.OrderBy(logger => logger.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                Level(json, level, modified);
            }

            json.WriteEndObject();
        }));
        routes.Get("/admin/loggers/{logger}", context =>
        {
            var name = Name(context);
            var (level, modified) = handle.Herder.Loggers.Find(name) ?? throw new RestException(404, $"Logger {name} not found.");
            return RestJson.WriteAsync(context, 200, json => Level(json, level, modified));
        });
        routes.Put("/admin/loggers/{logger}", context => SetAsync(context, handle));
    }

    private static async Task SetAsync(RestContext context, HerderHandle handle)
    {
        var body = RestJson.ReadObject(context);
        var level = body.TryGetProperty("level", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : throw new RestException(400, "Desired 'level' parameter was not specified in request.");
        if (!Levels.Contains(level)) throw new RestException(404, $"invalid log level '{level}'.");
        if (string.Equals(context.QueryValue("scope"), "cluster", StringComparison.OrdinalIgnoreCase))
        {
            await handle.Herder.SetLoggerLevelAsync(Name(context), level.ToUpperInvariant(), context.Stop);
            context.Answer.Status = 204;
            return;
        }

        var changed = handle.Herder.Loggers.Set(Name(context), level.ToUpperInvariant());
        await RestJson.WriteAsync(context, 200, json =>
        {
            json.WriteStartArray();
            foreach (var name in changed) json.WriteStringValue(name);
            json.WriteEndArray();
        });
    }

    private static string Name(RestContext context) => context.Parameter("logger");

    private static void Level(Utf8JsonWriter json, string level, long? modifiedMs)
    {
        json.WriteStartObject();
        json.WriteString("level", level);
        if (modifiedMs is { } modified) json.WriteNumber("last_modified", modified);
        else json.WriteNull("last_modified");
        json.WriteEndObject();
    }
}
