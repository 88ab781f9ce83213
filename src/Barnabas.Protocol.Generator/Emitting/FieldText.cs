using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>How a field is spelled in C#: its type, its default, the test whether it differs from it.</summary>
internal static class FieldText
{
    public static string TypeName(FieldSchema field)
    {
        var name = field.IsErrorCode ? "ErrorCode" : Name(field.Type, field.Struct);
        return field.IsNullable || field.Type.Kind == TypeKind.Records ? name + "?" : name;
    }

    public static string Name(FieldType type, StructSchema? item) => type.Kind switch
    {
        TypeKind.Bool => "bool",
        TypeKind.Int8 => "sbyte",
        TypeKind.Int16 => "short",
        TypeKind.UInt16 => "ushort",
        TypeKind.Int32 => "int",
        TypeKind.UInt32 => "uint",
        TypeKind.Int64 => "long",
        TypeKind.Float64 => "double",
        TypeKind.Uuid => "Uuid",
        TypeKind.String => "string",
        TypeKind.Bytes or TypeKind.Records => "ReadOnlyMemory<byte>",
        TypeKind.Array => "List<" + Name(type.Element!, item) + ">",
        _ => item!.ClassName,
    };

    /// <summary>The backing field of a lazy property.</summary>
    public static string Backing(FieldSchema field) => "_" + field.JsonName;

    /// <summary>What to look at without creating it: the backing field of a lazy property, else the property.</summary>
    public static string Stored(FieldSchema field) => field.IsLazy ? Backing(field) : field.PropertyName;

    /// <summary>The default as C#.</summary>
    public static string Default(FieldSchema field)
    {
        if (field.DefaultsToNull || field.IsLazy)
            return "null";
        return field.Type.Kind switch
        {
            TypeKind.Bool => field.Default ?? "false",
            TypeKind.Int8 or TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Int64 =>
                field.IsErrorCode ? "ErrorCode.None" : field.Default ?? "0",
            TypeKind.Float64 => field.Default ?? "0",
            TypeKind.Uuid => "Uuid.Zero",
            TypeKind.String => field.Default is null or "\"\"" ? "\"\"" : "\"" + field.Default.Trim('"') + "\"",
            TypeKind.Bytes => "ReadOnlyMemory<byte>.Empty",
            _ => "new()",
        };
    }

    /// <summary>Whether C# gives the default without an initialiser.</summary>
    public static bool IsZeroDefault(FieldSchema field) =>
        Default(field) is "null" or "false" or "0" or "ErrorCode.None" or "Uuid.Zero" || (field.Type.Kind == TypeKind.Bytes && !field.IsNullable);

    /// <summary>A condition that holds when the field has another value than its default.</summary>
    public static string IsSet(FieldSchema field)
    {
        var name = Stored(field);
        if (field.DefaultsToNull)
            return name + " is not null";
        return field.Type.Kind switch
        {
            TypeKind.Bool => Default(field) == "true" ? "!" + name : name,
            TypeKind.String => Default(field) == "\"\"" ? name + " is not { Length: 0 }" : name + " != " + Default(field),
            TypeKind.Bytes => field.IsNullable ? name + " is not { IsEmpty: true }" : "!" + name + ".IsEmpty",
            TypeKind.Array => field.IsLazy ? name + " is { Count: > 0 }" : name + " is not { Count: 0 }",
            TypeKind.Struct => field.IsLazy ? name + " is not null && !" + name + ".HasDefaults()" : name + " is null || !" + name + ".HasDefaults()",
            _ => name + " != " + Default(field),
        };
    }

    /// <summary>The suffix of the reader's and writer's methods for the type.</summary>
    public static string Method(FieldType type) => type.Kind switch
    {
        TypeKind.Bool => "Boolean",
        TypeKind.Array => Method(type.Element!) + "List",
        _ => type.Kind.ToString(),
    };

    public static bool IsFixed(FieldType type) => type.Kind <= TypeKind.Uuid;

    /// <summary>Strings that recur from request to request, worth looking up before making a new one.</summary>
    public static bool IsRecurringName(FieldSchema field) =>
        field.Type.Kind == TypeKind.String && (field.Entity is "topicName" or "groupId" or "transactionalId" || field.Name == "ClientId");
}
