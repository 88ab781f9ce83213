using System.Text.Json;
using Barnabas.Connect.Config;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Rest;

/// <summary><c>/</c>, <c>/health</c> and <c>/connector-plugins</c>: the worker and what it can run.</summary>
internal static class WorkerRoutes
{
    private const string Version = "4.3.1";

    public static void Map(RouteTable routes, HerderHandle handle)
    {
        routes.Get("/", context => RestJson.WriteAsync(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteString("version", Version);
            json.WriteString("commit", "barnabas");
            json.WriteString("kafka_cluster_id", handle.ClusterId);
            json.WriteEndObject();
        }));
        routes.Get("/health", context => HealthAsync(context, handle));
        routes.Get("/connector-plugins", context => PluginsAsync(context, handle.Herder.Plugins));
        routes.Get("/connector-plugins/{plugin}/config", context => PluginConfigAsync(context, handle.Herder.Plugins));
        routes.Put("/connector-plugins/{plugin}/config/validate", context => ValidateAsync(context, handle.Herder));
    }

    private static Task HealthAsync(RestContext context, HerderHandle handle) => RestJson.WriteAsync(context, handle.IsReady ? 200 : 503, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", handle.IsReady ? "healthy" : "starting");
        json.WriteString("message", handle.IsReady ? "Worker has completed startup and is ready to handle requests." : "Worker is still starting up.");
        json.WriteEndObject();
    });

    private static Task PluginsAsync(RestContext context, PluginCatalog plugins)
    {
        var onlyConnectors = !string.Equals(context.QueryValue("connectorsOnly"), "false", StringComparison.OrdinalIgnoreCase);
        return RestJson.WriteAsync(context, 200, json =>
        {
            json.WriteStartArray();
            foreach (var plugin in plugins.Connectors.OrderBy(plugin => plugin.IsSource)) Plugin(json, plugin.ClassName, RestJson.TypeName(plugin.IsSource), plugin.Version);
            if (!onlyConnectors)
            {
                foreach (var name in plugins.TransformationNames) Plugin(json, name, "transformation", Version);
                foreach (var name in plugins.PredicateNames) Plugin(json, name, "predicate", Version);
                foreach (var name in plugins.ConverterNames) Plugin(json, name, "converter", Version);
                foreach (var name in plugins.HeaderConverterNames) Plugin(json, name, "header_converter", Version);
            }

            json.WriteEndArray();
        });
    }

    private static void Plugin(Utf8JsonWriter json, string name, string type, string version)
    {
        json.WriteStartObject();
        json.WriteString("class", name);
        json.WriteString("type", type);
        json.WriteString("version", version);
        json.WriteEndObject();
    }

    private static Task PluginConfigAsync(RestContext context, PluginCatalog plugins)
    {
        var name = context.Parameter("plugin");
        var definition = plugins.FindConnector(name)?.Create().Config ?? DefinitionOf(plugins, name) ?? throw new RestException(404, $"Unknown plugin {name}.");
        return RestJson.WriteAsync(context, 200, json =>
        {
            json.WriteStartArray();
            foreach (var key in definition.Keys) Definition(json, key);
            json.WriteEndArray();
        });
    }

    private static ConfigDef? DefinitionOf(PluginCatalog plugins, string name)
    {
        if (plugins.TransformationNames.Contains(name)) return plugins.CreateTransformation("plugin", name).Config;
        if (plugins.PredicateNames.Contains(name)) return plugins.CreatePredicate("plugin", name).Config;
        return name[(name.LastIndexOf('.') + 1)..] switch
        {
            nameof(JsonConverter) => JsonConverter.Definition,
            nameof(StringConverter) => StringConverter.Definition,
            _ => plugins.ConverterNames.Contains(name) || plugins.HeaderConverterNames.Contains(name) ? new ConfigDef() : null,
        };
    }

    private static async Task ValidateAsync(RestContext context, Herder herder)
    {
        var name = context.Parameter("plugin");
        var configs = RestJson.ReadConfigs(RestJson.ReadObject(context)).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
        var plugin = herder.Plugins.FindConnector(name);
        if (!configs.TryGetValue("connector.class", out var className) || plugin is null || !plugin.Answers(className))
            throw new RestException(400, $"Included connector type {configs.GetValueOrDefault("connector.class", "null")} does not match request type {name}");
        var result = herder.Validate(configs);
        await RestJson.WriteAsync(context, 200, json => Result(json, result));
    }

    private static void Result(Utf8JsonWriter json, ValidationResult result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        json.WriteNumber("error_count", result.ErrorCount);
        json.WriteStartArray("groups");
        foreach (var group in result.Groups) json.WriteStringValue(group);
        json.WriteEndArray();
        json.WriteStartArray("configs");
        foreach (var (key, value) in result.Keys)
        {
            json.WriteStartObject();
            json.WritePropertyName("definition");
            Definition(json, key);
            json.WriteStartObject("value");
            json.WriteString("name", value.Name);
            json.WriteString("value", key.Type == Configuration.ConfigType.Password && value.Value is not null ? Configuration.Validation.ConfigValue.Hidden : value.Value);
            Texts(json, "recommended_values", value.Recommended);
            Texts(json, "errors", value.Errors);
            json.WriteBoolean("visible", value.IsVisible);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Definition(Utf8JsonWriter json, ConnectKey key)
    {
        json.WriteStartObject();
        json.WriteString("name", key.Name);
        json.WriteString("type", key.Type.ToString().ToUpperInvariant());
        json.WriteBoolean("required", key.IsRequired);
        json.WriteString("default_value", key.IsRequired ? null : key.Default);
        json.WriteString("importance", key.Importance.ToString().ToUpperInvariant());
        json.WriteString("documentation", key.Documentation);
        json.WriteString("group", key.Group);
        json.WriteString("width", key.Width);
        json.WriteString("display_name", key.DisplayName ?? key.Name);
        Texts(json, "dependents", key.Dependents);
        json.WriteNumber("order", key.Order);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
