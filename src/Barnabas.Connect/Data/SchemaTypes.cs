using System.Collections.Frozen;

namespace Barnabas.Connect.Data;

/// <summary>The names of types as JSON schemas and error messages carry them.</summary>
internal static class SchemaTypes
{
    private static readonly FrozenDictionary<string, SchemaType> ByName =
        Enum.GetValues<SchemaType>().ToFrozenDictionary(type => type.ToString().ToLowerInvariant());

    private static readonly string[] Names = [.. Enum.GetValues<SchemaType>().Select(type => type.ToString().ToLowerInvariant())];

    public static string NameOf(SchemaType type) => Names[(int)type];

    public static bool TryParse(string name, out SchemaType type) => ByName.TryGetValue(name, out type);

    public static bool IsPrimitive(SchemaType type) => type < SchemaType.Array;
}
