namespace Barnabas.Protocol.Acls;

/// <summary>An access control entry together with the resources it is bound to.</summary>
/// <param name="ResourceType">The kind of resource.</param>
/// <param name="ResourceName">Its name, a prefix of names, or <c>*</c>.</param>
/// <param name="PatternType">How the name is meant: literal or prefixed.</param>
/// <param name="Principal">Who, as <c>User:alice</c>; <c>User:*</c> is everybody.</param>
/// <param name="Host">The address they come from, or <c>*</c>.</param>
/// <param name="Operation">What they do.</param>
/// <param name="PermissionType">Whether they may.</param>
public sealed record AclBinding(
    ResourceType ResourceType, string ResourceName, PatternType PatternType, string Principal, string Host, AclOperation Operation, AclPermissionType PermissionType)
{
    /// <summary>The name of the cluster as a resource.</summary>
    public const string ClusterName = "kafka-cluster";

    /// <summary>What stands for every name or host.</summary>
    public const string Wildcard = "*";

    /// <summary>The principal that stands for everybody.</summary>
    public const string WildcardPrincipal = "User:*";
}
