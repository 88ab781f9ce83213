// DescribeAcls, versions 0-3 (prefixed resources from 1, user resources from 3; Apache Kafka 4 dropped 0). SECURITY_DISABLED without an authorizer.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Authorizer;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeAclsApi(MetadataCache metadata, StandardAuthorizer? authorizer)
    : ApiHandler<DescribeAclsRequest, DescribeAclsResponse>(ApiKey.DescribeAcls, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Describe;

    protected override ValueTask<DescribeAclsResponse?> HandleAsync(RequestContext context, DescribeAclsRequest request)
    {
        if (authorizer is null)
            throw new KafkaException(ErrorCode.SecurityDisabled, "No Authorizer is configured on the broker");
        var filter = new AclBindingFilter(
            (ResourceType)request.ResourceTypeFilter, request.ResourceNameFilter, (PatternType)request.PatternTypeFilter,
            request.PrincipalFilter, request.HostFilter, (AclOperation)request.Operation, (AclPermissionType)request.PermissionType);
        if (filter.IsPatternUnknown || filter.IsEntryUnknown)
            throw new KafkaException(ErrorCode.InvalidRequest, "The AclBindingFilter must not contain UNKNOWN elements.");
        var response = new DescribeAclsResponse();
        var resources = metadata.Image.Acls.ByBinding.Keys.Where(filter.Matches).GroupBy(binding => (binding.ResourceType, binding.ResourceName, binding.PatternType));
        foreach (var resource in resources)
        {
            var described = new DescribeAclsResponse.DescribeAclsResource
            {
                ResourceType = (sbyte)resource.Key.ResourceType,
                ResourceName = resource.Key.ResourceName,
                PatternType = (sbyte)resource.Key.PatternType,
            };
            foreach (var binding in resource)
                described.Acls.Add(new() { Principal = binding.Principal, Host = binding.Host, Operation = (sbyte)binding.Operation, PermissionType = (sbyte)binding.PermissionType });
            response.Resources.Add(described);
        }
        return new(response);
    }

    protected override DescribeAclsResponse ErrorResponse(RequestContext context, DescribeAclsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
