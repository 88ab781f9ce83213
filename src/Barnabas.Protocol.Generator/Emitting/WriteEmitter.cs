using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out the writing of a struct's fields to <c>writer</c> at <c>version</c>.</summary>
internal sealed class WriteEmitter(CodeWriter code, StructScope scope)
{
    public void EmitFields()
    {
        scope.DeclareFlexible(code);
        foreach (var field in scope.Item.Fields)
        {
            if (!field.IsTagged)
                code.If(scope.Present(field), () => EmitField(field));
            EmitAbsentCheck(field);
        }
        var flexible = scope.Flexible;
        code.If(flexible, EmitTags);
        code.If(VersionConditions.Not(flexible), () => code.Line("TaggedFields.EnsureNone(UnknownTaggedFields, version);"));
    }

    /// <summary>A value that the version cannot carry is refused unless it may be lost.</summary>
    public void EmitAbsentCheck(FieldSchema field)
    {
        var absent = VersionConditions.Not(scope.Present(field));
        if (field.Ignorable || absent == "false")
            return;
        var set = FieldText.IsSet(field);
        var condition = absent == "true" ? set : absent + " && (" + set + ")";
        code.Line("if (" + condition + ")");
        code.Line("    throw UnsupportedVersionException.ForField(\"" + field.JsonName + "\", version);");
    }

    private void EmitTags()
    {
        var tagged = scope.Item.Fields.Where(field => field.IsTagged && scope.Present(field) != "false").OrderBy(field => field.Tag).ToList();
        if (tagged.Count == 0)
        {
            code.Line("writer.WriteUnknownTags(UnknownTaggedFields);");
            return;
        }
        code.Line("var tagCount = UnknownTaggedFields?.Count ?? 0;");
        foreach (var field in tagged)
        {
            code.Line("var has" + field.PropertyName + " = " + Set(field) + ";");
            code.Line("if (has" + field.PropertyName + ")");
            code.Line("    tagCount++;");
        }
        code.Line("writer.WriteUnsignedVarint((uint)tagCount);");
        code.Line("var unknown = 0;");
        foreach (var field in tagged)
        {
            code.Open("if (has" + field.PropertyName + ")");
            code.Line("unknown = writer.WriteUnknownTagsBelow(" + field.Tag + ", UnknownTaggedFields, unknown);");
            code.Line("var mark = writer.BeginTag(" + field.Tag + ");");
            EmitField(field);
            code.Line("writer.EndTag(mark);");
            code.Close();
        }
        code.Line("writer.WriteUnknownTagsBelow(int.MaxValue, UnknownTaggedFields, unknown);");
    }

    private string Set(FieldSchema field)
    {
        var present = scope.Present(field);
        var set = FieldText.IsSet(field);
        return present == "true" ? set : present + " && (" + set + ")";
    }

    private void EmitField(FieldSchema field)
    {
        var value = FieldText.Stored(field);
        var compact = scope.Compact(field);
        var name = "\"" + field.JsonName + "\"";
        var nullable = scope.Nullable(field);
        switch (field.Type.Kind)
        {
            case TypeKind.Struct:
                EmitStruct(field, nullable, name);
                return;
            case TypeKind.Array:
                var list = field.IsLazy ? value : "Nullability.Check(" + value + ", " + nullable + ", " + name + ")";
                if (!field.Type.IsStructArray)
                {
                    var prefix = field.IsLazy ? "writer.Write" : "writer.WriteNullable";
                    code.Line(prefix + FieldText.Method(field.Type) + "(" + compact + ", " + list + ");");
                    return;
                }
                code.Line("writer.WriteArrayLength(" + compact + ", " + (field.IsLazy ? value + "?.Count ?? 0" : list + "?.Count ?? -1") + ");");
                code.Line(scope.ClassOf(field) + ".WriteList(" + value + ", writer, version);");
                return;
            case TypeKind.String or TypeKind.Bytes or TypeKind.Records:
                EmitSized(field, compact, nullable, name);
                return;
            default:
                code.Line("writer.Write" + FieldText.Method(field.Type) + "(" + (field.IsErrorCode ? "(short)" : "") + value + ");");
                return;
        }
    }

    private void EmitSized(FieldSchema field, string compact, string nullable, string name)
    {
        var canBeNull = field.IsNullable || field.Type.Kind == TypeKind.Records;
        var value = canBeNull && nullable != "true"
            ? "Nullability.Check(" + field.PropertyName + ", " + nullable + ", " + name + ")"
            : field.PropertyName;
        var kind = field.Type.Kind == TypeKind.String ? "String" : field.Type.Kind == TypeKind.Records ? "Records" : "Bytes";
        var prefix = canBeNull && kind != "Records" ? "WriteNullable" : "Write";
        code.Line("writer." + prefix + kind + "(" + compact + ", " + value + (kind == "String" ? ", " + name : "") + ");");
    }

    private void EmitStruct(FieldSchema field, string nullable, string name)
    {
        if (!field.IsNullable)
        {
            code.Line(field.PropertyName + ".Write(writer, version);");
            return;
        }
        var value = "Nullability.Check(" + field.PropertyName + ", " + nullable + ", " + name + ")";
        code.If(nullable, () => code.Line("writer.Write" + (field.IsTagged ? "Tagged" : "") + "Presence(" + field.PropertyName + " is not null);"));
        code.Line(value + "?.Write(writer, version);");
    }
}
