namespace Barnabas.Protocol.Acls;

/// <summary>Which entries somebody means. Null matches everything.</summary>
/// <param name="ResourceType">The kind of resource, or ANY.</param>
/// <param name="ResourceName">Its name, or null.</param>
/// <param name="PatternType">How the name is compared.</param>
/// <param name="Principal">Who, or null.</param>
/// <param name="Host">From where, or null.</param>
/// <param name="Operation">What, or ANY.</param>
/// <param name="PermissionType">Allowed, denied, or ANY.</param>
public sealed record AclBindingFilter(
    ResourceType ResourceType, string? ResourceName, PatternType PatternType, string? Principal, string? Host, AclOperation Operation, AclPermissionType PermissionType)
{
    /// <summary>Every entry.</summary>
    public static AclBindingFilter Any { get; } = new(ResourceType.Any, null, PatternType.Any, null, null, AclOperation.Any, AclPermissionType.Any);

    /// <summary>Whether a code of it is none that this version knows.</summary>
    public bool IsPatternUnknown => !IsKnown(ResourceType, (sbyte)ResourceType.User) || !IsKnown(PatternType, (sbyte)PatternType.Prefixed);

    /// <summary>Whether a code of the entry is none that this version knows.</summary>
    public bool IsEntryUnknown => !IsKnown(Operation, (sbyte)AclOperation.TwoPhaseCommit) || !IsKnown(PermissionType, (sbyte)AclPermissionType.Allow);

    /// <summary>Whether it means an entry.</summary>
    public bool Matches(AclBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return (ResourceType == ResourceType.Any || ResourceType == binding.ResourceType)
            && MatchesName(binding)
            && (Principal is null || Principal == binding.Principal)
            && (Host is null || Host == binding.Host)
            && (Operation == AclOperation.Any || Operation == binding.Operation)
            && (PermissionType == AclPermissionType.Any || PermissionType == binding.PermissionType);
    }

    private bool MatchesName(AclBinding binding)
    {
        if (PatternType is PatternType.Literal or PatternType.Prefixed && PatternType != binding.PatternType)
            return false;
        if (ResourceName is null)
            return true;
        if (PatternType is PatternType.Any || PatternType == binding.PatternType)
            return ResourceName == binding.ResourceName;
        return binding.PatternType switch
        {
            PatternType.Literal => ResourceName == binding.ResourceName || binding.ResourceName == AclBinding.Wildcard,
            PatternType.Prefixed => ResourceName.StartsWith(binding.ResourceName, StringComparison.Ordinal),
            _ => false,
        };
    }

    private static bool IsKnown<T>(T value, sbyte highest)
        where T : struct, Enum
    {
        var code = System.Runtime.CompilerServices.Unsafe.BitCast<T, sbyte>(value);
        return code > 0 && code <= highest;
    }
}
