using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out the reading of a struct's fields from <c>reader</c> at <c>version</c>.</summary>
internal sealed class ReadEmitter(CodeWriter code, StructScope scope)
{
    public void EmitFields()
    {
        scope.DeclareFlexible(code);
        foreach (var field in scope.Item.Fields.Where(field => !field.IsTagged))
            code.If(scope.Present(field), () => EmitField(field));
        code.If(scope.Flexible, EmitTags);
    }

    private void EmitTags()
    {
        var tagged = scope.Item.Fields.Where(field => field.IsTagged && scope.Present(field) != "false").OrderBy(field => field.Tag).ToList();
        if (tagged.Count == 0)
        {
            code.Line("UnknownTaggedFields = reader.ReadUnknownTags();");
            return;
        }
        code.Line("for (var tags = reader.ReadTagCount(); tags > 0; tags--)");
        code.Open();
        code.Line("var tag = reader.ReadTag(out var end);");
        code.Open("switch (tag)");
        foreach (var field in tagged)
        {
            var present = scope.Present(field);
            code.Line("case " + field.Tag + (present == "true" ? "" : " when " + present) + ":");
            code.Open();
            EmitField(field);
            code.Line("reader.EndTag(end, tag);");
            code.Line("break;");
            code.Close();
        }
        code.Line("default:");
        code.Line("    reader.ReadUnknownTag(tag, end, UnknownTaggedFields ??= new());");
        code.Line("    break;");
        code.Close();
        code.Close();
    }

    private void EmitField(FieldSchema field)
    {
        var target = FieldText.Stored(field) + " = ";
        var compact = scope.Compact(field);
        var name = "\"" + field.JsonName + "\"";
        switch (field.Type.Kind)
        {
            case TypeKind.Struct:
                EmitStruct(field, target, name);
                return;
            case TypeKind.Array when field.Type.IsStructArray:
                EmitStructArray(field, target, compact, name);
                return;
            case TypeKind.Array:
                var method = FieldText.Method(field.Type);
                var plain = "reader.Read" + method + "(" + compact + ", " + name + ")" + (field.IsNullable ? " ?? new()" : "");
                EmitChoice(field, target, plain, "reader.ReadNullable" + method + "(" + compact + ")");
                return;
            case TypeKind.String or TypeKind.Bytes or TypeKind.Records:
                var kind = FieldText.IsRecurringName(field) ? "Name" : field.Type.Kind == TypeKind.String ? "String" : "Bytes";
                EmitChoice(field, target, "reader.Read" + kind + "(" + compact + ", " + name + ")", "reader.ReadNullable" + kind + "(" + compact + ")");
                return;
            default:
                code.Line(target + (field.IsErrorCode ? "(ErrorCode)" : "") + "reader.Read" + FieldText.Method(field.Type) + "();");
                return;
        }
    }

    private void EmitChoice(FieldSchema field, string target, string plain, string nullable)
    {
        var condition = scope.Nullable(field);
        code.Line(target + condition switch
        {
            "true" => nullable,
            "false" => plain,
            _ => condition + " ? " + nullable + " : " + plain,
        } + ";");
    }

    private void EmitStruct(FieldSchema field, string target, string name)
    {
        var read = scope.ClassOf(field) + ".ReadNew(ref reader, version)";
        var presence = field.IsTagged ? "reader.ReadTaggedPresence()" : "reader.ReadPresence(" + name + ")";
        var condition = scope.Nullable(field);
        code.Line(target + condition switch
        {
            "true" => presence + " ? " + read + " : null",
            "false" => read,
            _ => "!(" + condition + ") || " + presence + " ? " + read + " : null",
        } + ";");
    }

    private void EmitStructArray(FieldSchema field, string target, string compact, string name)
    {
        var type = scope.ClassOf(field);
        var minimum = MinimumSize.Expression(scope.Message, field.Struct!, field.Versions.Intersect(scope.Versions));
        var condition = scope.Nullable(field);
        code.Open();
        code.Line("var count = reader.ReadArrayLength(" + compact + ", " + minimum + ", " + condition + ", " + name + ");");
        var none = field.IsLazy ? "count == 0" : "count < 0";
        code.Line(target + none + " ? null : " + type + ".ReadList(ref reader, version, count);");
        code.Close();
    }
}
