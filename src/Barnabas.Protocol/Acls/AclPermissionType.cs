namespace Barnabas.Protocol.Acls;

/// <summary>Whether an entry allows or denies, with Kafka's codes.</summary>
public enum AclPermissionType : sbyte
{
    /// <summary>A code this version does not know.</summary>
    Unknown = 0,

    /// <summary>In a filter: both.</summary>
    Any = 1,

    /// <summary>Denies; stronger than every entry that allows.</summary>
    Deny = 2,

    /// <summary>Allows.</summary>
    Allow = 3,
}
