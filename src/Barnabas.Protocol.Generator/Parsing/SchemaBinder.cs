using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Parsing;

/// <summary>Second pass over a parsed message: finds each field's struct, names classes, checks what lines alone cannot.</summary>
internal sealed class SchemaBinder(string path, List<SchemaProblem> problems)
{
    public void Bind(MessageSchema message)
    {
        var byName = new Dictionary<string, StructSchema>();
        foreach (var item in message.Structs)
        {
            item.Versions = item.Versions.Intersect(message.Versions);
            if (byName.ContainsKey(item.Name))
                Report(item.Line, "struct " + item.Name + " is described twice in " + message.Name);
            byName[item.Name] = item;
        }
        foreach (var item in message.Structs)
            item.ClassName = ClassName(message, item);
        foreach (var item in message.Structs.Concat([message.Root]))
            BindFields(message, item, byName);
        foreach (var item in message.Structs.Concat([message.Root]))
        {
            foreach (var field in item.Fields)
            {
                if (field.Type.Kind == TypeKind.Struct && field.Struct is { } used)
                    MarkNeedsIsDefault(used);
            }
        }
    }

    private static void MarkNeedsIsDefault(StructSchema item)
    {
        if (item.NeedsIsDefault)
            return;
        item.NeedsIsDefault = true;
        foreach (var field in item.Fields)
        {
            if (field.Type.Kind == TypeKind.Struct && field.Struct is { } used)
                MarkNeedsIsDefault(used);
        }
    }

    private static string ClassName(MessageSchema message, StructSchema item)
    {
        var taken = item.Name == message.Name
            || message.Root.Fields.Any(field => field.PropertyName == item.Name)
            || item.Fields.Any(field => field.PropertyName == item.Name);
        return taken ? item.Name + "Data" : item.Name;
    }

    private void BindFields(MessageSchema message, StructSchema item, Dictionary<string, StructSchema> byName)
    {
        var names = new HashSet<string>();
        var tags = new List<int>();
        foreach (var field in item.Fields)
        {
            if (!names.Add(field.PropertyName))
                Report(field.Line, "field " + field.Name + " stands twice in " + item.Name);
            if (field.Type.StructName is { } name)
            {
                if (byName.TryGetValue(name, out var found))
                    field.Struct = found;
                else
                    Report(field.Line, "no struct " + name + " in " + message.Name);
            }
            if (field.IsTagged)
            {
                tags.Add(field.Tag);
                if (!field.Tagged.Covers(field.Versions))
                    Report(field.Line, "field " + field.Name + " is tagged in some of its versions only");
                if (!message.Flexible.Covers(field.Tagged.Intersect(message.Versions)))
                    Report(field.Line, "field " + field.Name + " is tagged in versions that are not flexible");
            }
            if (field.Default == "null" && !field.IsNullable)
                Report(field.Line, "field " + field.Name + " defaults to null and is never nullable");
        }
        tags.Sort();
        if (tags.Where((tag, index) => tag != index).Any())
            Report(item.Line, "the tags of " + item.Name + " do not count from 0 without gaps");
    }

    private void Report(int line, string message) => problems.Add(new SchemaProblem(path, line, message));
}
