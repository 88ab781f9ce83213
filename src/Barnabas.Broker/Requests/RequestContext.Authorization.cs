using System.Net;
using Barnabas.Metadata.Authorizer;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Requests;

/// <content>Who the client is, and what it may do.</content>
public sealed partial class RequestContext
{
    private readonly StandardAuthorizer? _authorizer;
    private readonly ApiKey _apiKey;

    /// <summary>Who the client is; without authentication <c>User:ANONYMOUS</c>.</summary>
    public KafkaPrincipal Principal { get; }

    /// <summary>Whether the client may ask for delegation tokens: it has said who it is, and not by a token.</summary>
    public bool MayUseTokens { get; }

    /// <summary>Whether anybody can be kept from anything: false without an authorizer.</summary>
    public bool HasAuthorizer => _authorizer is not null;

    /// <summary>Whether the client may do something to a resource.</summary>
    /// <param name="operation">What.</param>
    /// <param name="type">The kind of resource.</param>
    /// <param name="name">Its name.</param>
    /// <param name="logIfDenied">False where the answer only filters a list: nobody asked for what is left out.</param>
    public bool IsAuthorized(AclOperation operation, ResourceType type, string name, bool logIfDenied = true) =>
        _authorizer is null || _authorizer.IsAllowed(Principal, HostText, operation, type, name, _apiKey.ToString(), logIfDenied);

    /// <summary>Whether the client may do something to the cluster.</summary>
    public bool IsClusterAuthorized(AclOperation operation, bool logIfDenied = true) => IsAuthorized(operation, ResourceType.Cluster, AclBinding.ClusterName, logIfDenied);

    /// <summary>Whether the client may do something to any resource of a kind at all.</summary>
    public bool IsAuthorizedOnSome(AclOperation operation, ResourceType type) =>
        _authorizer is null || _authorizer.IsAllowedOnSome(Principal, HostText, operation, type);

    /// <summary>Ends the request unless the client may do something to the cluster.</summary>
    /// <exception cref="KafkaException">CLUSTER_AUTHORIZATION_FAILED.</exception>
    public void RequireCluster(AclOperation operation)
    {
        if (!IsClusterAuthorized(operation))
            throw new KafkaException(ErrorCode.ClusterAuthorizationFailed, ErrorCodes.Message(ErrorCode.ClusterAuthorizationFailed));
    }

    /// <summary>What the client may do to a resource, as the bits of a response (KIP-430).</summary>
    public int AuthorizedOperations(ResourceType type, string name)
    {
        var bits = 0;
        foreach (var operation in AclOperations.Of(type))
        {
            if (IsAuthorized(operation, type, name, logIfDenied: false))
                bits |= AclOperations.Bit(operation);
        }
        return bits;
    }

    private string HostText => (ClientAddress.IsIPv4MappedToIPv6 ? ClientAddress.MapToIPv4() : ClientAddress).ToString();
}
