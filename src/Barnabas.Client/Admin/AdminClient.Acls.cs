using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Adds access control entries (KIP-140). One that is there already counts as added.</summary>
    /// <exception cref="KafkaException">CLUSTER_AUTHORIZATION_FAILED, SECURITY_DISABLED and other errors of the whole call stand in every outcome.</exception>
    public Task<IReadOnlyDictionary<AclBinding, Outcome<Done>>> CreateAclsAsync(
        IReadOnlyCollection<AclBinding> bindings, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<AclBinding, Done>("createAcls", bindings);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new CreateAclsRequest();
            foreach (var binding in open)
            {
                request.Creations.Add(new()
                {
                    ResourceType = (sbyte)binding.ResourceType,
                    ResourceName = binding.ResourceName,
                    ResourcePatternType = (sbyte)binding.PatternType,
                    Principal = binding.Principal,
                    Host = binding.Host,
                    Operation = (sbyte)binding.Operation,
                    PermissionType = (sbyte)binding.PermissionType,
                });
            }
            var response = await SendToControllerAsync(request, token);
            for (var i = 0; i < open.Count; i++)
            {
                var result = i < response.Results.Count ? response.Results[i] : new() { ErrorCode = ErrorCode.UnknownServerError };
                ThrowIfControllerMoved(result.ErrorCode);
                if (result.ErrorCode == ErrorCode.None) call.Succeed(open[i], default);
                else call.Fail(open[i], result.ErrorCode.ToException(result.ErrorMessage));
            }
        }, cancellationToken);
    }

    /// <summary>The access control entries that a filter means.</summary>
    /// <exception cref="KafkaException">CLUSTER_AUTHORIZATION_FAILED, SECURITY_DISABLED where the cluster has no authorizer, or INVALID_REQUEST.</exception>
    public Task<IReadOnlyList<AclBinding>> DescribeAclsAsync(AclBindingFilter filter, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return RunAsync<IReadOnlyList<AclBinding>>("describeAcls", timeout, async token =>
        {
            var response = await SendToControllerAsync(
                new DescribeAclsRequest
                {
                    ResourceTypeFilter = (sbyte)filter.ResourceType,
                    ResourceNameFilter = filter.ResourceName,
                    PatternTypeFilter = (sbyte)filter.PatternType,
                    PrincipalFilter = filter.Principal,
                    HostFilter = filter.Host,
                    Operation = (sbyte)filter.Operation,
                    PermissionType = (sbyte)filter.PermissionType,
                },
                token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            var found = new List<AclBinding>();
            foreach (var resource in response.Resources)
            {
                foreach (var acl in resource.Acls)
                {
                    found.Add(new AclBinding(
                        (ResourceType)resource.ResourceType, resource.ResourceName, (PatternType)resource.PatternType, acl.Principal, acl.Host,
                        (AclOperation)acl.Operation, (AclPermissionType)acl.PermissionType));
                }
            }

            return found;
        }, cancellationToken);
    }

    /// <summary>Removes the access control entries that filters mean.</summary>
    /// <returns>What was removed, for each filter.</returns>
    public Task<IReadOnlyDictionary<AclBindingFilter, Outcome<IReadOnlyList<AclBinding>>>> DeleteAclsAsync(
        IReadOnlyCollection<AclBindingFilter> filters, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<AclBindingFilter, IReadOnlyList<AclBinding>>("deleteAcls", filters);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new DeleteAclsRequest();
            foreach (var filter in open)
            {
                request.Filters.Add(new()
                {
                    ResourceTypeFilter = (sbyte)filter.ResourceType,
                    ResourceNameFilter = filter.ResourceName,
                    PatternTypeFilter = (sbyte)filter.PatternType,
                    PrincipalFilter = filter.Principal,
                    HostFilter = filter.Host,
                    Operation = (sbyte)filter.Operation,
                    PermissionType = (sbyte)filter.PermissionType,
                });
            }
            var response = await SendToControllerAsync(request, token);
            for (var i = 0; i < open.Count; i++)
            {
                var result = i < response.FilterResults.Count ? response.FilterResults[i] : new() { ErrorCode = ErrorCode.UnknownServerError };
                ThrowIfControllerMoved(result.ErrorCode);
                if (result.ErrorCode == ErrorCode.None) call.Succeed(open[i], result.MatchingAcls.ConvertAll(ToBinding));
                else call.Fail(open[i], result.ErrorCode.ToException(result.ErrorMessage));
            }
        }, cancellationToken);
    }

    private static AclBinding ToBinding(DeleteAclsResponse.DeleteAclsMatchingAcl acl) => new(
        (ResourceType)acl.ResourceType, acl.ResourceName, (PatternType)acl.PatternType, acl.Principal, acl.Host, (AclOperation)acl.Operation, (AclPermissionType)acl.PermissionType);
}
