using System.Globalization;
using Barnabas.Cli.Framework.Options;
using Barnabas.Protocol.Acls;

namespace Barnabas.Cli.Verbs.Acls;

/// <summary>The resources that an entry or a filter is about, as the original prints them.</summary>
internal sealed record ResourceFilter(ResourceType Type, string Name, PatternType Pattern)
{
    public static ResourceFilter Cluster { get; } = new(ResourceType.Cluster, AclBinding.ClusterName, PatternType.Literal);

    public string ToText(string kind) => $"{kind}(resourceType={AclNames.Type(Type)}, name={Name}, patternType={AclNames.Pattern(Pattern)})";

    public AclBindingFilter WithAll() => new(Type, Name, Pattern, null, null, AclOperation.Any, AclPermissionType.Any);
}

/// <summary>An entry without its resource, as the original prints it.</summary>
internal sealed record AclEntry(string Principal, string Host, AclOperation Operation, AclPermissionType Permission)
{
    public AclBinding On(ResourceFilter resource) => new(resource.Type, resource.Name, resource.Pattern, Principal, Host, Operation, Permission);

    public AclBindingFilter FilterOn(ResourceFilter resource) => new(resource.Type, resource.Name, resource.Pattern, Principal, Host, Operation, Permission);

    public override string ToString() => $"(principal={Principal}, host={Host}, operation={AclNames.Operation(Operation)}, permissionType={AclNames.Permission(Permission)})";
}

/// <summary>Names of operations as the tool takes them: <c>DescribeConfigs</c>.</summary>
internal static class AclTexts
{
    public static string Operation(AclOperation operation) =>
        string.Concat(AclNames.Operation(operation).Split('_').Select(word => word[..1] + word[1..].ToLower(CultureInfo.InvariantCulture)));

    public static AclOperation ParseOperation(string text)
    {
        var operation = AclNames.ParseOperation(text.Trim());
        return operation > AclOperation.Any ? operation : throw new OptionException($"ResourceType only supports operations, {text.Trim()} is none");
    }
}
