using System.Text;

namespace Barnabas.Protocol.Acls;

/// <summary>Kafka's names of the codes: <c>DESCRIBE_CONFIGS</c>, <c>TRANSACTIONAL_ID</c>, <c>PREFIXED</c>.</summary>
public static class AclNames
{
    private static readonly string[] Operations = Names<AclOperation>();
    private static readonly string[] Types = Names<ResourceType>();
    private static readonly string[] Patterns = Names<PatternType>();
    private static readonly string[] Permissions = Names<AclPermissionType>();

    /// <summary>The name of an operation.</summary>
    public static string Operation(AclOperation operation) => Of(Operations, (sbyte)operation);

    /// <summary>The name of a kind of resource.</summary>
    public static string Type(ResourceType type) => Of(Types, (sbyte)type);

    /// <summary>The name of a kind of pattern.</summary>
    public static string Pattern(PatternType pattern) => Of(Patterns, (sbyte)pattern);

    /// <summary>The name of a permission.</summary>
    public static string Permission(AclPermissionType permission) => Of(Permissions, (sbyte)permission);

    /// <summary>The operation of a name, in any case and with or without underscores; UNKNOWN where there is none.</summary>
    public static AclOperation ParseOperation(string name) => (AclOperation)Parse(Operations, name);

    /// <summary>The kind of resource of a name; UNKNOWN where there is none.</summary>
    public static ResourceType ParseType(string name) => (ResourceType)Parse(Types, name);

    /// <summary>The kind of pattern of a name; UNKNOWN where there is none.</summary>
    public static PatternType ParsePattern(string name) => (PatternType)Parse(Patterns, name);

    private static string Of(string[] names, sbyte code) => code >= 0 && code < names.Length ? names[code] : names[0];

    private static sbyte Parse(string[] names, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (sbyte)Math.Max(0, Array.FindIndex(names, n => Plain(n).Equals(Plain(name), StringComparison.OrdinalIgnoreCase)));
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);

    private static string[] Names<T>()
        where T : struct, Enum => Array.ConvertAll(Enum.GetNames<T>(), name =>
        {
            var text = new StringBuilder();
            foreach (var letter in name)
            {
                if (char.IsUpper(letter) && text.Length > 0)
                    text.Append('_');
                text.Append(char.ToUpperInvariant(letter));
            }
            return text.ToString();
        });
}
