using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over access control entries. Lives on the controller's thread.</summary>
internal sealed class AclControlManager(ControllerState state, Random random)
{
    /// <summary>Adds entries; one that is there already is a success and stays one.</summary>
    internal ControllerResult<CreateAclsResponse> Create(CreateAclsRequest request)
    {
        var response = new CreateAclsResponse();
        var records = new RecordList();
        var added = new HashSet<AclBinding>();
        foreach (var creation in request.Creations)
        {
            var binding = new AclBinding(
                (ResourceType)creation.ResourceType, creation.ResourceName, (PatternType)creation.ResourcePatternType,
                creation.Principal, creation.Host, (AclOperation)creation.Operation, (AclPermissionType)creation.PermissionType);
            var error = Validate(binding);
            response.Results.Add(new() { ErrorCode = error is null ? ErrorCode.None : ErrorCode.InvalidRequest, ErrorMessage = error });
            if (error is null && !state.Image.Acls.ByBinding.ContainsKey(binding) && added.Add(binding))
                records.Add(AclsImage.Record(NewId(), binding));
        }
        return ControllerResult.Of(records.Records, response);
    }

    /// <summary>Removes the entries that filters mean.</summary>
    internal ControllerResult<DeleteAclsResponse> Delete(DeleteAclsRequest request)
    {
        var response = new DeleteAclsResponse();
        var records = new RecordList();
        var removed = new HashSet<Uuid>();
        foreach (var wire in request.Filters)
        {
            var filter = new AclBindingFilter(
                (ResourceType)wire.ResourceTypeFilter, wire.ResourceNameFilter, (PatternType)wire.PatternTypeFilter,
                wire.PrincipalFilter, wire.HostFilter, (AclOperation)wire.Operation, (AclPermissionType)wire.PermissionType);
            var result = new DeleteAclsResponse.DeleteAclsFilterResult();
            response.FilterResults.Add(result);
            if (filter.IsPatternUnknown || filter.IsEntryUnknown)
            {
                result.ErrorCode = ErrorCode.InvalidRequest;
                result.ErrorMessage = filter.IsPatternUnknown ? "Unknown patternFilter." : "Unknown entryFilter.";
                continue;
            }
            foreach (var (binding, id) in state.Image.Acls.ByBinding)
            {
                if (!filter.Matches(binding))
                    continue;
                result.MatchingAcls.Add(Matching(binding));
                if (removed.Add(id))
                    records.Add(new RemoveAccessControlEntryRecord { Id = id });
            }
        }
        return ControllerResult.Of(records.Records, response);
    }

    private static string? Validate(AclBinding binding)
    {
        if (binding is { ResourceType: ResourceType.Cluster } && binding.ResourceName is not (AclBinding.ClusterName or AclBinding.Wildcard))
            return $"The only valid name for the CLUSTER resource is {AclBinding.ClusterName}";
        if (binding.ResourceName.Length == 0)
            return "Invalid empty resource name";
        if (binding.ResourceType is <= ResourceType.Any or > ResourceType.User)
            return $"Invalid resourceType {AclNames.Type(binding.ResourceType)}";
        if (binding.PatternType is not (PatternType.Literal or PatternType.Prefixed))
            return $"Invalid patternType {AclNames.Pattern(binding.PatternType)}";
        if (binding.Operation is <= AclOperation.Any or > AclOperation.TwoPhaseCommit)
            return $"Invalid operation {AclNames.Operation(binding.Operation)}";
        if (binding.PermissionType is not (AclPermissionType.Deny or AclPermissionType.Allow))
            return $"Invalid permissionType {AclNames.Permission(binding.PermissionType)}";
        return KafkaPrincipal.TryParse(binding.Principal) is null
            ? $"expected a string in format principalType:principalName but got {binding.Principal}" : null;
    }

    private static DeleteAclsResponse.DeleteAclsMatchingAcl Matching(AclBinding binding) => new()
    {
        ResourceType = (sbyte)binding.ResourceType,
        ResourceName = binding.ResourceName,
        PatternType = (sbyte)binding.PatternType,
        Principal = binding.Principal,
        Host = binding.Host,
        Operation = (sbyte)binding.Operation,
        PermissionType = (sbyte)binding.PermissionType,
    };

    private Uuid NewId()
    {
        Uuid id;
        do id = Uuid.Random(random);
        while (state.Image.Acls.Entries.ContainsKey(id));
        return id;
    }
}
