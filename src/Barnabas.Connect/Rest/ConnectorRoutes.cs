using System.Globalization;
using System.Text.Json;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Rest;

/// <summary><c>/connectors</c>: connectors, their configurations, states and tasks.</summary>
internal static class ConnectorRoutes
{
    public static void Map(RouteTable routes, HerderHandle handle)
    {
        routes.Get("/connectors", context => ListAsync(context, handle.Herder));
        routes.Post("/connectors", context => CreateAsync(context, handle.Herder));
        routes.Get("/connectors/{name}", context => RestJson.WriteAsync(context, 200, json => RestJson.Info(json, handle.Herder.Info(Name(context)))));
        routes.Delete("/connectors/{name}", async context =>
        {
            await handle.Herder.DeleteAsync(Name(context), context.Stop);
            context.Answer.Status = 204;
        });
        routes.Get("/connectors/{name}/config", context => RestJson.WriteAsync(context, 200, json => RestJson.Configs(json, handle.Herder.Info(Name(context)).Configs)));
        routes.Put("/connectors/{name}/config", async context => await PutAsync(context, handle.Herder, RestJson.ReadConfigs(RestJson.ReadObject(context))));
        routes.Patch("/connectors/{name}/config", context => PatchAsync(context, handle.Herder));
        routes.Get("/connectors/{name}/status", context => RestJson.WriteAsync(context, 200, json => RestJson.Status(json, handle.Herder.StatusOf(Name(context)))));
        routes.Get("/connectors/{name}/topics", context => TopicsAsync(context, handle.Herder));
        routes.Put("/connectors/{name}/topics/reset", context =>
        {
            handle.Herder.ResetTopics(Name(context));
            context.Answer.Status = 202;
            return Task.CompletedTask;
        });
        routes.Post("/connectors/{name}/restart", context => RestartAsync(context, handle.Herder));
        routes.Put("/connectors/{name}/pause", context => TargetAsync(context, handle.Herder, TargetState.Paused, 202));
        routes.Put("/connectors/{name}/resume", context => TargetAsync(context, handle.Herder, TargetState.Started, 202));
        routes.Put("/connectors/{name}/stop", context => TargetAsync(context, handle.Herder, TargetState.Stopped, 204));
        routes.Get("/connectors/{name}/tasks", context => TasksAsync(context, handle.Herder));
        routes.Get("/connectors/{name}/tasks/{task}/status", context => TaskStatusAsync(context, handle.Herder));
        routes.Post("/connectors/{name}/tasks/{task}/restart", async context =>
        {
            await handle.Herder.RestartTaskAsync(TaskOf(context), context.Stop);
            context.Answer.Status = 204;
        });
    }

    public static string Name(RestContext context) => context.Parameter("name");

    private static Task ListAsync(RestContext context, Herder herder)
    {
        List<string> expand = [.. context.Query.Where(entry => entry.Key == "expand").Select(entry => entry.Value)];
        return RestJson.WriteAsync(context, 200, json =>
        {
            if (expand.Count == 0)
            {
                json.WriteStartArray();
                foreach (var name in herder.Names) json.WriteStringValue(name);
                json.WriteEndArray();
                return;
            }

            json.WriteStartObject();
            // One that nobody runs yet has no state, and one that was just deleted no configuration: both are left out.
            foreach (var name in herder.Names.Where(herder.IsKnown)) Expanded(json, herder, name, expand);
            json.WriteEndObject();
        });
    }

    private static void Expanded(Utf8JsonWriter json, Herder herder, string name, IReadOnlyList<string> expand)
    {
        json.WriteStartObject(name);
        foreach (var what in expand.Distinct())
        {
            switch (what)
            {
                case "status":
                    json.WritePropertyName("status");
                    RestJson.Status(json, herder.StatusOf(name));
                    break;
                case "info":
                    json.WritePropertyName("info");
                    RestJson.Info(json, herder.Info(name));
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static async Task CreateAsync(RestContext context, Herder herder)
    {
        var body = RestJson.ReadObject(context);
        var name = body.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()!.Trim() : "";
        var configs = Given(RestJson.ReadConfigs(body.TryGetProperty("config", out var config) ? config : default));
        CheckName(name, configs);
        var target = body.TryGetProperty("initial_state", out var state) && state.ValueKind == JsonValueKind.String ? Target(state.GetString()!) : TargetState.Started;
        var (info, _) = await herder.PutAsync(name, configs, target, mayReplace: false, context.Stop);
        context.Answer.Location = "/connectors/" + Uri.EscapeDataString(name);
        await RestJson.WriteAsync(context, 201, json => RestJson.Info(json, info));
    }

    private static async Task PutAsync(RestContext context, Herder herder, Dictionary<string, string?> given)
    {
        var name = Name(context);
        var configs = Given(given);
        CheckName(name, configs);
        var (info, isNew) = await herder.PutAsync(name, configs, target: null, mayReplace: true, context.Stop);
        await RestJson.WriteAsync(context, isNew ? 201 : 200, json => RestJson.Info(json, info));
    }

    private static async Task PatchAsync(RestContext context, Herder herder)
    {
        var merged = herder.Info(Name(context)).Configs.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach (var (name, value) in RestJson.ReadConfigs(RestJson.ReadObject(context))) merged[name] = value;
        await PutAsync(context, herder, merged);
    }

    private static Task TopicsAsync(RestContext context, Herder herder) => RestJson.WriteAsync(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject(Name(context));
        json.WriteStartArray("topics");
        foreach (var topic in herder.Topics(Name(context))) json.WriteStringValue(topic);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static async Task RestartAsync(RestContext context, Herder herder)
    {
        var request = new RestartRequest(Name(context), context.Flag("onlyFailed"), context.Flag("includeTasks"));
        if (request is { OnlyFailed: false, IncludeTasks: false })
        {
            await herder.RestartConnectorAsync(request.Connector, context.Stop);
            context.Answer.Status = 204;
            return;
        }

        var status = await herder.RestartAsync(request, context.Stop);
        await RestJson.WriteAsync(context, 202, json => RestJson.Status(json, status));
    }

    private static async Task TargetAsync(RestContext context, Herder herder, TargetState target, int status)
    {
        await herder.SetTargetAsync(Name(context), target, context.Stop);
        context.Answer.Status = status;
    }

    private static Task TasksAsync(RestContext context, Herder herder) => RestJson.WriteAsync(context, 200, json =>
    {
        var name = Name(context);
        var tasks = herder.TaskConfigs(name);
        json.WriteStartArray();
        for (var task = 0; task < tasks.Count; task++)
        {
            json.WriteStartObject();
            json.WriteStartObject("id");
            json.WriteString("connector", name);
            json.WriteNumber("task", task);
            json.WriteEndObject();
            json.WritePropertyName("config");
            RestJson.Configs(json, tasks[task]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static Task TaskStatusAsync(RestContext context, Herder herder) => RestJson.WriteAsync(context, 200, json =>
    {
        var task = TaskOf(context);
        json.WriteStartObject();
        json.WriteNumber("id", task.Task);
        RestJson.State(json, herder.StatusOf(task));
        json.WriteEndObject();
    });

    private static ConnectorTaskId TaskOf(RestContext context) =>
        int.TryParse(context.Parameter("task"), NumberStyles.None, CultureInfo.InvariantCulture, out var task)
            ? new ConnectorTaskId(Name(context), task)
            : throw new RestException(404, "HTTP 404 Not Found");

    private static TargetState Target(string text) => Enum.TryParse<TargetState>(text == "RUNNING" ? "STARTED" : text, ignoreCase: true, out var target)
        ? target
        : throw new RestException(400, $"The initial_state {text} is none of RUNNING, PAUSED, STOPPED.");

    private static Dictionary<string, string> Given(Dictionary<string, string?> configs) =>
        configs.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);

    private static void CheckName(string name, Dictionary<string, string> configs)
    {
        if (name.Length == 0) throw new RestException(400, "Connector name may not be null or empty");
        if (name.Any(char.IsControl)) throw new RestException(400, "Connector name may not contain control characters");
        if (!configs.TryAdd("name", name) && configs["name"] != name)
            throw new RestException(400, $"Connector name configuration ({configs["name"]}) doesn't match connector name in the URL ({name})");
    }
}
