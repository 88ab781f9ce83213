using System.Text.Encodings.Web;
using System.Text.Json;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Tasks;
using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>The bodies of requests and answers, with Kafka Connect's names.</summary>
internal static class RestJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Tutorials print comments into their bodies.
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Task WriteAsync(RestContext context, int status, Action<Utf8JsonWriter> write)
    {
        Write(context.Answer, status, write);
        return Task.CompletedTask;
    }

    /// <summary>An answer that says what is wrong.</summary>
    public static HttpAnswer Error(int status, string message)
    {
        var answer = new HttpAnswer();
        Write(answer, status, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("error_code", status);
            json.WriteString("message", message);
            json.WriteEndObject();
        });
        return answer;
    }

    /// <exception cref="RestException">It is no JSON object (400).</exception>
    public static JsonElement ReadObject(RestContext context)
    {
        try
        {
            using var document = JsonDocument.Parse(context.Request.Body, Reading);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new RestException(400, "The body is not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new RestException(400, "The body is not valid JSON: " + error.Message);
        }
    }

    /// <summary>Names to values; numbers and booleans as text, null as a name to remove.</summary>
    /// <exception cref="RestException">A value is an object or a list (400).</exception>
    public static Dictionary<string, string?> ReadConfigs(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new RestException(400, "The configuration is not a JSON object.");
        return json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
            _ => throw new RestException(400, $"The value of {property.Name} is neither text nor a number."),
        });
    }

    public static void Configs(Utf8JsonWriter json, IReadOnlyDictionary<string, string> configs)
    {
        json.WriteStartObject();
        foreach (var (name, value) in configs) json.WriteString(name, value);
        json.WriteEndObject();
    }

    public static void Info(Utf8JsonWriter json, ConnectorInfo info)
    {
        json.WriteStartObject();
        json.WriteString("name", info.Name);
        json.WritePropertyName("config");
        Configs(json, info.Configs);
        json.WriteStartArray("tasks");
        for (var task = 0; task < info.TaskCount; task++)
        {
            json.WriteStartObject();
            json.WriteString("connector", info.Name);
            json.WriteNumber("task", task);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("type", TypeName(info.IsSource));
        json.WriteEndObject();
    }

    public static void Status(Utf8JsonWriter json, ConnectorStatus status)
    {
        json.WriteStartObject();
        json.WriteString("name", status.Name);
        json.WriteStartObject("connector");
        State(json, status.Connector);
        json.WriteEndObject();
        json.WriteStartArray("tasks");
        foreach (var (task, state) in status.Tasks.OrderBy(entry => entry.Key))
        {
            json.WriteStartObject();
            json.WriteNumber("id", task);
            State(json, state);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("type", TypeName(status.IsSource));
        json.WriteEndObject();
    }

    public static void State(Utf8JsonWriter json, Status status)
    {
        json.WriteString("state", status.State.ToString().ToUpperInvariant());
        json.WriteString("worker_id", status.WorkerId);
        if (status.Trace is not null) json.WriteString("trace", status.Trace);
        if (status.Version is not null) json.WriteString("version", status.Version);
    }

    public static string TypeName(bool? isSource) => isSource switch { true => "source", false => "sink", null => "unknown" };

    private static void Write(HttpAnswer answer, int status, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing)) write(json);
        answer.Status = status;
        answer.ContentType = "application/json";
        answer.Body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
