namespace Barnabas.Protocol.Generator.Schemas;

internal enum TypeKind
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct,
    Array,
}

/// <summary>What a field holds; <see cref="StructName"/> names the struct, also of an array's elements.</summary>
internal sealed class FieldType(TypeKind kind, FieldType? element, string? structName)
{
    public TypeKind Kind { get; } = kind;

    public FieldType? Element { get; } = element;

    public string? StructName { get; } = structName;

    public bool IsStructArray => Kind == TypeKind.Array && Element!.Kind == TypeKind.Struct;

    public static FieldType Parse(string text)
    {
        if (text.StartsWith("[]", System.StringComparison.Ordinal))
        {
            var element = Parse(text.Substring(2));
            return new FieldType(TypeKind.Array, element, element.StructName);
        }
        return text switch
        {
            "bool" => new FieldType(TypeKind.Bool, null, null),
            "int8" => new FieldType(TypeKind.Int8, null, null),
            "int16" => new FieldType(TypeKind.Int16, null, null),
            "uint16" => new FieldType(TypeKind.UInt16, null, null),
            "int32" => new FieldType(TypeKind.Int32, null, null),
            "uint32" => new FieldType(TypeKind.UInt32, null, null),
            "int64" => new FieldType(TypeKind.Int64, null, null),
            "float64" => new FieldType(TypeKind.Float64, null, null),
            "uuid" => new FieldType(TypeKind.Uuid, null, null),
            "string" => new FieldType(TypeKind.String, null, null),
            "bytes" => new FieldType(TypeKind.Bytes, null, null),
            "records" => new FieldType(TypeKind.Records, null, null),
            _ => new FieldType(TypeKind.Struct, null, text),
        };
    }
}
