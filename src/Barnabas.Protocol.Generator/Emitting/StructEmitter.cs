using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out the members that messages and the structs inside them share, and the nested classes.</summary>
internal sealed class StructEmitter(CodeWriter code, MessageSchema message)
{
    public void EmitProperties(StructSchema item)
    {
        foreach (var field in item.Fields)
        {
            var type = FieldText.TypeName(field);
            if (field.IsLazy)
            {
                code.Line("private " + type + "? " + FieldText.Backing(field) + ";");
                code.Line();
            }
            code.Line("/// <summary>" + Describe(field) + "</summary>");
            if (field.IsLazy)
            {
                code.Open("public " + type + " " + field.PropertyName);
                code.Line("get => " + FieldText.Backing(field) + " ??= new();");
                code.Line("set => " + FieldText.Backing(field) + " = value;");
                code.Close();
            }
            else
            {
                code.Line("public " + type + " " + field.PropertyName + " { get; set; }"
                    + (FieldText.IsZeroDefault(field) ? "" : " = " + FieldText.Default(field) + ";"));
            }
            code.Line();
        }
        code.Line("/// <summary>Tagged fields that the schema does not know, in the order of their tags; null when there are none.</summary>");
        code.Line("public List<RawTaggedField>? UnknownTaggedFields { get; set; }");
        code.Line();
    }

    public void EmitNested(StructSchema item)
    {
        code.Line();
        code.Line("/// <summary>" + item.Name + " of <see cref=\"" + message.Name + "\"/>, versions " + item.Versions + ".</summary>");
        code.Open("public sealed class " + item.ClassName);
        EmitProperties(item);
        var scope = new StructScope(message, item);
        if (IsUsedAsField(item))
            EmitReadNew(item);
        code.Open("internal void Read(ref MessageReader reader, short version)");
        new ReadEmitter(code, scope).EmitFields();
        code.Close();
        code.Line();
        code.Open("internal void Write(MessageWriter writer, short version)");
        new WriteEmitter(code, scope).EmitFields();
        code.Close();
        code.Line();
        code.Open("internal void WriteJson(Utf8JsonWriter json, short version)");
        code.Line("json.WriteStartObject();");
        new JsonEmitter(code, scope).EmitFields();
        code.Line("json.WriteEndObject();");
        code.Close();
        if (item.NeedsIsDefault)
            EmitHasDefaults(item);
        if (IsUsedInArray(item))
            EmitLists(item);
        code.Close();
    }

    private static string Describe(FieldSchema field)
    {
        var text = "Versions " + field.Versions + ".";
        if (field.IsNullable)
            text += " Nullable in versions " + field.Nullable + ".";
        if (field.IsTagged)
            text += " Tag " + field.Tag + ".";
        if (field.Entity is not null)
            text += " Names a " + field.Entity + ".";
        if (field.Default is not null and not "\"\"")
            text += " Default " + field.Default + ".";
        return field.Ignorable ? text + " Dropped where a version lacks it." : text;
    }

    private bool IsUsedAsField(StructSchema item) => AllFields(item, TypeKind.Struct);

    private bool IsUsedInArray(StructSchema item) => AllFields(item, TypeKind.Array);

    private bool AllFields(StructSchema item, TypeKind kind) =>
        message.Structs.Concat([message.Root]).SelectMany(owner => owner.Fields).Any(field => field.Struct == item && field.Type.Kind == kind);

    private void EmitReadNew(StructSchema item)
    {
        code.Open("internal static " + item.ClassName + " ReadNew(ref MessageReader reader, short version)");
        code.Line("var item = new " + item.ClassName + "();");
        code.Line("item.Read(ref reader, version);");
        code.Line("return item;");
        code.Close();
        code.Line();
    }

    private void EmitHasDefaults(StructSchema item)
    {
        code.Line();
        var conditions = item.Fields.Select(field => "!(" + FieldText.IsSet(field) + ")").Concat(["UnknownTaggedFields is not { Count: > 0 }"]);
        code.Line("internal bool HasDefaults() =>");
        code.Line("    " + string.Join("\n            && ", conditions) + ";");
    }

    private void EmitLists(StructSchema item)
    {
        var type = item.ClassName;
        code.Line();
        code.Open("internal static List<" + type + "> ReadList(ref MessageReader reader, short version, int count)");
        code.Line("var items = new List<" + type + ">(reader.CapacityFor(count));");
        code.Open("for (var i = 0; i < count; i++)");
        code.Line("var item = new " + type + "();");
        code.Line("item.Read(ref reader, version);");
        code.Line("items.Add(item);");
        code.Close();
        code.Line("return items;");
        code.Close();
        code.Line();
        code.Open("internal static void WriteList(List<" + type + ">? items, MessageWriter writer, short version)");
        code.Line("if (items is null)");
        code.Line("    return;");
        code.Line("for (var i = 0; i < items.Count; i++)");
        code.Line("    items[i].Write(writer, version);");
        code.Close();
        code.Line();
        code.Open("internal static void WriteJsonList(List<" + type + ">? items, Utf8JsonWriter json, short version)");
        code.Line("json.WriteStartArray();");
        code.Line("for (var i = 0; i < (items?.Count ?? 0); i++)");
        code.Line("    items![i].WriteJson(json, version);");
        code.Line("json.WriteEndArray();");
        code.Close();
    }
}
