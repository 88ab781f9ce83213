using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Apis;

/// <summary>
/// What the four ways to describe groups have in common: groups that the client may not describe are refused one by one, and a
/// group that uses a topic the client may not describe is not shown at all, for what is told of it tells of the topic.
/// </summary>
internal abstract class GroupDescribeHandler<TRequest, TResponse, TGroup>(ApiKey key) : ApiHandler<TRequest, TResponse>(key)
    where TRequest : class, IRequest<TResponse>
    where TResponse : class, IResponse, new()
    where TGroup : class
{
    private const string HiddenTopics = "The group has described topic(s) that the client is not authorized to describe.";

    /// <summary>Whether this cluster has groups of the kind.</summary>
    protected virtual bool IsServed => true;

    protected sealed override async ValueTask<TResponse?> HandleAsync(RequestContext context, TRequest request)
    {
        var groupIds = GroupIdsOf(request);
        if (!IsServed)
            return Respond(groupIds.ConvertAll(groupId => Refused(groupId, ErrorCode.UnsupportedVersion, null)));
        var allowed = groupIds.FindAll(groupId => context.IsAuthorized(AclOperation.Describe, ResourceType.Group, groupId));
        var described = await DescribeAsync(context, allowed);
        if (context.HasAuthorizer)
            described = described.ConvertAll(group => TellsOnlyWhatIsAllowed(context, group) ? group : Refused(HeadOf(group).GroupId, ErrorCode.TopicAuthorizationFailed, HiddenTopics));
        if (WantsOperations(request))
        {
            foreach (var group in described)
            {
                var (groupId, error) = HeadOf(group);
                if (error == ErrorCode.None)
                    SetOperations(group, context.AuthorizedOperations(ResourceType.Group, groupId));
            }
        }

        foreach (var groupId in groupIds.Except(allowed))
            described.Add(Refused(groupId, ErrorCode.GroupAuthorizationFailed, null));
        return Respond(described);
    }

    protected sealed override TResponse ErrorResponse(RequestContext context, TRequest request, KafkaException error) =>
        Respond(GroupIdsOf(request).ConvertAll(groupId => Refused(groupId, error.ErrorCode, error.Message)));

    protected abstract List<string> GroupIdsOf(TRequest request);

    protected abstract bool WantsOperations(TRequest request);

    protected abstract Task<List<TGroup>> DescribeAsync(RequestContext context, List<string> groupIds);

    protected abstract (string GroupId, ErrorCode Error) HeadOf(TGroup group);

    /// <summary>The topics that the description names, once or more often.</summary>
    protected abstract IEnumerable<string> TopicsOf(TGroup group);

    protected abstract void SetOperations(TGroup group, int operations);

    protected abstract TGroup Refused(string groupId, ErrorCode error, string? message);

    protected abstract TResponse Respond(List<TGroup> groups);

    private bool TellsOnlyWhatIsAllowed(RequestContext context, TGroup group) =>
        TopicsOf(group).Distinct(StringComparer.Ordinal).All(topic => context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic));
}
