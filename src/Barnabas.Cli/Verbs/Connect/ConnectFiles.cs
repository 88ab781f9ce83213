using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Configuration;

namespace Barnabas.Cli.Verbs.Connect;

/// <summary>Files of workers and connectors: properties, or for connectors JSON (a map, or <c>{"name":…,"config":{…}}</c>).</summary>
internal static class ConnectFiles
{
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Dictionary<string, string> Properties(string file) =>
        File.Exists(file) ? PropertiesFile.Load(file) : throw new VerbException($"{file} (No such file or directory)");

    public static IReadOnlyDictionary<string, string> Connector(string file)
    {
        if (!File.Exists(file)) throw new VerbException($"{file} (No such file or directory)");
        if (!File.ReadAllText(file).AsSpan().TrimStart().StartsWith("{")) return Properties(file);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), Json);
            var root = document.RootElement;
            if (!root.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object) return Map(root);
            var configs = Map(config);
            if (root.TryGetProperty("name", out var name)) configs.TryAdd("name", name.ToString());
            return configs;
        }
        catch (JsonException error)
        {
            throw new VerbException($"{file} is not valid JSON: {error.Message}");
        }
    }

    private static Dictionary<string, string> Map(JsonElement json) => json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString());
}
