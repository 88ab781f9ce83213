using Barnabas.Metadata.Image;
using Barnabas.Protocol.Acls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Authorizer;

/// <summary>
/// Decides who may do what, by Kafka's rules: super users may do everything; an entry that denies is stronger than all
/// that allow; what no entry is about falls under allow.everyone.if.no.acl.found. Follows the metadata image on the
/// loader's thread, answers on any.
/// </summary>
public sealed class StandardAuthorizer
{
    private readonly AuthorizerOptions _options;
    private readonly ILogger _audit;
    private volatile AclIndex _acls = AclIndex.Empty;

    /// <summary>Makes an authorizer without entries.</summary>
    /// <param name="options">Super users and the rule for what no entry is about.</param>
    /// <param name="audit">Where denials are told (Kafka's <c>kafka.authorizer.logger</c>).</param>
    public StandardAuthorizer(AuthorizerOptions options, ILogger audit)
    {
        _options = options;
        _audit = audit;
    }

    /// <summary>Takes over the entries of an image.</summary>
    public void Apply(AclsImage acls)
    {
        ArgumentNullException.ThrowIfNull(acls);
        _acls = new AclIndex(acls.ByBinding.Keys);
    }

    /// <summary>Whether somebody may do something.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="host">The address they come from.</param>
    /// <param name="operation">What.</param>
    /// <param name="type">To what kind of resource.</param>
    /// <param name="name">Its name.</param>
    /// <param name="request">The request, for the audit log.</param>
    /// <param name="logIfDenied">False where the answer only filters a list: nobody asked for what is left out.</param>
    public bool IsAllowed(KafkaPrincipal principal, string host, AclOperation operation, ResourceType type, string name, string request, bool logIfDenied)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var who = principal.ToString();
        if (_options.SuperUsers.Contains(who))
            return true;
        var isAllowed = _acls.Decide(who, host, operation, type, name, out var rule) ?? _options.AllowsWithoutAcls;
        if (!isAllowed && logIfDenied && _audit.IsEnabled(LogLevel.Information))
            AuthorizerLog.Denied(_audit, who, AclNames.Operation(operation), host, $"{AclNames.Type(type)}:LITERAL:{name}", request, rule?.ToString() ?? "DefaultDeny");
        return isAllowed;
    }

    /// <summary>Whether somebody may do something to any resource of a kind at all (KIP-679).</summary>
    public bool IsAllowedOnSome(KafkaPrincipal principal, string host, AclOperation operation, ResourceType type)
    {
        ArgumentNullException.ThrowIfNull(principal);
        // A name that no entry has by itself: true for super users, wildcards, and where the default allows.
        if (IsAllowed(principal, host, operation, type, "hardcode", "", logIfDenied: false))
            return true;
        var denied = new HashSet<(PatternType, string)>();
        List<AclBinding> allowed = [];
        foreach (var entry in _acls.About(principal.ToString(), host, operation, type))
        {
            if (entry.PermissionType == AclPermissionType.Allow)
                allowed.Add(entry);
            else if (entry is { PatternType: PatternType.Literal, ResourceName: AclBinding.Wildcard })
                return false;
            else
                denied.Add((entry.PatternType, entry.ResourceName));
        }
        return allowed.Exists(entry => !IsDominated(entry, denied));
    }

    private static bool IsDominated(AclBinding entry, HashSet<(PatternType, string)> denied)
    {
        if (entry is { PatternType: PatternType.Literal, ResourceName: AclBinding.Wildcard })
            return false;
        if (entry.PatternType == PatternType.Literal && denied.Contains((PatternType.Literal, entry.ResourceName)))
            return true;
        for (var length = 1; length <= entry.ResourceName.Length; length++)
        {
            if (denied.Contains((PatternType.Prefixed, entry.ResourceName[..length])))
                return true;
        }
        return false;
    }
}
