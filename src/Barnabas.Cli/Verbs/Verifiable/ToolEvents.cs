using System.Text.Json;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>Prints what happens as JSON, a line each, for programs that watch. Lines may come from several threads.</summary>
internal sealed class ToolEvents(VerbContext context)
{
    private readonly Lock _gate = new();

    public void Print(string name, Action<Utf8JsonWriter>? writeFields = null)
    {
        var line = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", context.Time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteString("name", name);
            writeFields?.Invoke(json);
            json.WriteEndObject();
        });
        lock (_gate)
        {
            context.Out.WriteLine(line);
            context.Out.Flush();
        }
    }
}
