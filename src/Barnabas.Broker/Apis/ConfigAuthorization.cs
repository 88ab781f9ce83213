using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Apis;

/// <summary>Whose right it is to see or change a configuration: the topic's, the group's, or the cluster's.</summary>
internal static class ConfigAuthorization
{
    /// <returns>NONE, or the code that Kafka answers for a resource of that type.</returns>
    public static ErrorCode Check(RequestContext context, AclOperation operation, sbyte type, string name) => (ConfigResourceType)type switch
    {
        ConfigResourceType.Topic => context.IsAuthorized(operation, ResourceType.Topic, name) ? ErrorCode.None : ErrorCode.TopicAuthorizationFailed,
        ConfigResourceType.Group => context.IsAuthorized(operation, ResourceType.Group, name) ? ErrorCode.None : ErrorCode.GroupAuthorizationFailed,
        _ => context.IsClusterAuthorized(operation) ? ErrorCode.None : ErrorCode.ClusterAuthorizationFailed,
    };

    /// <exception cref="KafkaException">The right is missing.</exception>
    public static void Require(RequestContext context, AclOperation operation, sbyte type, string name)
    {
        if (Check(context, operation, type, name) is not ErrorCode.None and var error)
            throw new KafkaException(error, ErrorCodes.Message(error));
    }
}
