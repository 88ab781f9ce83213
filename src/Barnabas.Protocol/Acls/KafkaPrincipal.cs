namespace Barnabas.Protocol.Acls;

/// <summary>Who somebody is: a type, which is <c>User</c> unless tokens and tools say otherwise, and a name.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The name.</param>
public sealed record KafkaPrincipal(string Type, string Name)
{
    /// <summary>The one type that listeners make.</summary>
    public const string UserType = "User";

    /// <summary>Who did not say who they are.</summary>
    public static KafkaPrincipal Anonymous { get; } = new(UserType, "ANONYMOUS");

    /// <summary>A user.</summary>
    public static KafkaPrincipal User(string name) => new(UserType, name);

    /// <summary>Reads <c>type:name</c>; the name may have colons.</summary>
    /// <returns>Null where a part is missing.</returns>
    public static KafkaPrincipal? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1 ? new KafkaPrincipal(text[..colon], text[(colon + 1)..]) : null;
    }

    /// <summary>As <c>User:alice</c>.</summary>
    public override string ToString() => $"{Type}:{Name}";
}
