using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out Kafka's JSON form of a struct's fields: tagged ones when set, all others always.</summary>
internal sealed class JsonEmitter(CodeWriter code, StructScope scope)
{
    public void EmitFields()
    {
        var checks = new WriteEmitter(code, scope);
        foreach (var field in scope.Item.Fields)
        {
            var present = scope.Present(field);
            if (field.IsTagged && present != "false")
            {
                var set = FieldText.IsSet(field);
                present = present == "true" ? set : present + " && (" + set + ")";
            }
            code.If(present, () => EmitField(field));
            checks.EmitAbsentCheck(field);
        }
    }

    private void EmitField(FieldSchema field)
    {
        var name = "\"" + field.JsonName + "\"";
        var value = FieldText.Stored(field);
        switch (field.Type.Kind)
        {
            case TypeKind.Bool:
                code.Line("json.WriteBoolean(" + name + ", " + value + ");");
                return;
            case TypeKind.String:
                code.Line("json.WriteString(" + name + ", " + value + ");");
                return;
            case TypeKind.Uuid or TypeKind.Float64 or TypeKind.Bytes:
                code.Line("JsonFields.Write(json, " + name + ", " + value + ");");
                return;
            case TypeKind.Records:
                code.Line("JsonFields.WriteRecords(json, " + name + ", " + value + ");");
                return;
            case TypeKind.Struct:
                EmitStruct(field, name);
                return;
            case TypeKind.Array when field.Type.IsStructArray:
                EmitStructArray(field, name);
                return;
            case TypeKind.Array:
                code.Line("JsonFields.WriteList(json, " + name + ", " + value + (field.IsLazy ? " ?? new()" : "") + ");");
                return;
            default:
                code.Line("json.WriteNumber(" + name + ", " + (field.IsErrorCode ? "(short)" : "") + value + ");");
                return;
        }
    }

    private void EmitStruct(FieldSchema field, string name)
    {
        code.Line("json.WritePropertyName(" + name + ");");
        if (!field.IsNullable)
        {
            code.Line(field.PropertyName + ".WriteJson(json, version);");
            return;
        }
        code.Line("if (" + field.PropertyName + " is null)");
        code.Line("    json.WriteNullValue();");
        code.Line("else");
        code.Line("    " + field.PropertyName + ".WriteJson(json, version);");
    }

    private void EmitStructArray(FieldSchema field, string name)
    {
        var value = FieldText.Stored(field);
        code.Line("json.WritePropertyName(" + name + ");");
        if (field.IsNullable)
        {
            code.Line("if (" + value + " is null)");
            code.Line("    json.WriteNullValue();");
            code.Line("else");
            code.Line("    " + scope.ClassOf(field) + ".WriteJsonList(" + value + ", json, version);");
            return;
        }
        code.Line(scope.ClassOf(field) + ".WriteJsonList(" + value + ", json, version);");
    }
}
