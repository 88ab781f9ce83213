using System.Text.Json;
using Barnabas.Client.Admin;

namespace Barnabas.Cli.Verbs.Configs;

/// <summary>A configuration of kafka-configs --describe --json.</summary>
internal static class ConfigJson
{
    public static void Write(Utf8JsonWriter json, string type, string entity, ConfigEntry entry, Func<ConfigEntrySource, string> nameOf)
    {
        json.WriteString("entityType", type);
        json.WriteString("entityName", entity.Length == 0 ? null : entity);
        json.WriteString("name", entry.Name);
        json.WriteString("value", entry.Value);
        json.WriteString("source", nameOf(entry.Source));
        json.WriteBoolean("sensitive", entry.IsSensitive);
        json.WriteStartArray("synonyms");
        foreach (var synonym in entry.Synonyms)
        {
            json.WriteStartObject();
            json.WriteString("source", nameOf(synonym.Source));
            json.WriteString("name", synonym.Name);
            json.WriteString("value", synonym.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
