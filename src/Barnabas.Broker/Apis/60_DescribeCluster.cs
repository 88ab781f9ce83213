// DescribeCluster, versions 0-2: brokers on a broker listener, controllers on a controller listener (KIP-919).
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeClusterApi(BrokerIdentity identity, MetadataCache metadata)
    : ApiHandler<DescribeClusterRequest, DescribeClusterResponse>(ApiKey.DescribeCluster, ListenerKind.Any)
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    protected override ValueTask<DescribeClusterResponse?> HandleAsync(RequestContext context, DescribeClusterRequest request)
    {
        var served = context.ListenerKind == ListenerKind.Controller ? Controllers : Brokers;
        if (request.EndpointType is not (Brokers or Controllers))
            throw new KafkaException(ErrorCode.UnsupportedEndpointType, $"Unsupported endpoint type {request.EndpointType}");
        if (request.EndpointType != served)
            throw new KafkaException(ErrorCode.MismatchedEndpointType, $"The request was sent to an endpoint of type {Name(served)}, but we wanted an endpoint of type {Name(request.EndpointType)}");
        var image = metadata.Image;
        var response = new DescribeClusterResponse { ClusterId = identity.ClusterId, EndpointType = served };
        if (request.IncludeClusterAuthorizedOperations)
            response.ClusterAuthorizedOperations = context.IsClusterAuthorized(AclOperation.Describe) ? context.AuthorizedOperations(ResourceType.Cluster, AclBinding.ClusterName) : 0;
        if (served == Brokers)
            AddBrokers(response, image, context.ListenerName, request.IncludeFencedBrokers);
        else
            AddControllers(response, image, context.ListenerName);
        return new(response);
    }

    protected override DescribeClusterResponse ErrorResponse(RequestContext context, DescribeClusterRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message, EndpointType = request.EndpointType };

    private void AddBrokers(DescribeClusterResponse response, MetadataImage image, string listenerName, bool withFenced)
    {
        foreach (var broker in image.Cluster.Brokers.Values)
        {
            if ((!broker.Fenced || withFenced) && broker.Endpoint(listenerName) is { } endpoint)
                response.Brokers.Add(new() { BrokerId = broker.Id, Host = endpoint.Host, Port = endpoint.Port, Rack = broker.Rack, IsFenced = broker.Fenced });
        }
        response.ControllerId = BrokerEndpoints.Find(image, identity.NodeId, listenerName) is null ? -1 : identity.NodeId;
    }

    private void AddControllers(DescribeClusterResponse response, MetadataImage image, string listenerName)
    {
        foreach (var controller in image.Cluster.Controllers.Values)
        {
            foreach (var endpoint in controller.Listeners)
            {
                if (endpoint.Name == listenerName)
                    response.Brokers.Add(new() { BrokerId = controller.Id, Host = endpoint.Host, Port = endpoint.Port });
            }
        }
        response.ControllerId = identity.NodeId;
    }

    private static string Name(sbyte type) => type == Brokers ? "BROKER" : "CONTROLLER";
}
