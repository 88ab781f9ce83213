using System;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Parsing;

/// <summary>The words of a field's line: <c>Name: type  versions  nullable V  tag N V  = default  ignorable ...</c>.</summary>
internal static class FieldWords
{
    public static FieldSchema? Read(string[] words, int line, Action<string> report)
    {
        var name = words[0];
        if (words.Length < 2 || name.Length < 2 || name[name.Length - 1] != ':')
        {
            report("a field's line starts with 'Name: type'");
            return null;
        }
        var field = new FieldSchema(name.Substring(0, name.Length - 1), FieldType.Parse(words[1]), line);
        var next = 2;
        var hasVersions = words.Length > 2 && VersionRange.TryParse(words[2], out var versions) && Assign(field, versions, ref next);
        for (; next < words.Length; next++)
            next += ReadAttribute(words, next, field, report);
        // Kafka's rule: a field that names only the versions it is tagged in exists in those.
        if (!hasVersions)
            field.Versions = field.Tagged;
        if (field.Versions.IsEmpty)
            report("field " + field.Name + " is in no version");
        return field;
    }

    private static bool Assign(FieldSchema field, VersionRange versions, ref int next)
    {
        field.Versions = versions;
        next++;
        return true;
    }

    /// <summary>How many words after this one belong to it.</summary>
    private static int ReadAttribute(string[] words, int at, FieldSchema field, Action<string> report)
    {
        var value = at + 1 < words.Length ? words[at + 1] : "";
        switch (words[at])
        {
            case "nullable" when VersionRange.TryParse(value, out var nullable):
                field.Nullable = nullable;
                return 1;
            case "tag" when int.TryParse(value, out var tag) && at + 2 < words.Length && VersionRange.TryParse(words[at + 2], out var tagged):
                field.Tag = tag;
                field.Tagged = tagged;
                return 2;
            case "=" when value.Length > 0:
                field.Default = value;
                return 1;
            case "entity" when value.Length > 0:
                field.Entity = value;
                return 1;
            case "flexible" when value == "none":
                field.NeverCompact = true;
                return 1;
            case "ignorable":
                field.Ignorable = true;
                return 0;
            // Facts for readers of the schema: map keys, and Kafka's choice between array and buffer.
            case "key" or "zero-copy":
                return 0;
            default:
                report("'" + words[at] + "' is no word of a field's line, or its value is wrong");
                return 0;
        }
    }
}
