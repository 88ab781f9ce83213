namespace Barnabas.Protocol.Generator.Schemas;

/// <summary>One field of a struct as its line in the schema says it.</summary>
internal sealed class FieldSchema(string name, FieldType type, int line)
{
    public string Name { get; } = name;

    public FieldType Type { get; } = type;

    /// <summary>Line in the schema file, from 0.</summary>
    public int Line { get; } = line;

    public VersionRange Versions { get; set; } = VersionRange.None;

    public VersionRange Nullable { get; set; } = VersionRange.None;

    public VersionRange Tagged { get; set; } = VersionRange.None;

    public int Tag { get; set; } = -1;

    /// <summary>The default as written; null when the line names none.</summary>
    public string? Default { get; set; }

    public bool Ignorable { get; set; }

    /// <summary>Never in the compact encoding, even in flexible versions (the client id of request headers).</summary>
    public bool NeverCompact { get; set; }

    /// <summary>What the string names (topicName, groupId ...), or null.</summary>
    public string? Entity { get; set; }

    /// <summary>The struct behind <see cref="Type"/>, for a struct or an array of them.</summary>
    public StructSchema? Struct { get; set; }

    public string PropertyName => char.ToUpperInvariant(Name[0]) + Name.Substring(1);

    public string JsonName => char.ToLowerInvariant(Name[0]) + Name.Substring(1);

    public bool IsTagged => Tag >= 0;

    public bool IsNullable => !Nullable.IsEmpty;

    public bool DefaultsToNull => Default == "null" || Type.Kind == TypeKind.Records;

    /// <summary>Kept in a field that stays null until somebody asks: most lists and structs of most messages stay empty.</summary>
    public bool IsLazy => !IsNullable && (Type.Kind is TypeKind.Array or TypeKind.Struct);

    public bool IsErrorCode => Type.Kind == TypeKind.Int16 && Name == "ErrorCode";
}
