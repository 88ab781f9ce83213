using Barnabas.Metadata.Image;

namespace Barnabas.Broker.Cache;

/// <summary>Where brokers are reached: through the listener of the same name as the one a request came in by.</summary>
internal static class BrokerEndpoints
{
    public static IEnumerable<(BrokerRegistration Broker, NodeEndpoint Endpoint)> Alive(MetadataImage image, string listenerName)
    {
        foreach (var broker in image.Cluster.Brokers.Values)
        {
            if (!broker.Fenced && broker.Endpoint(listenerName) is { } endpoint)
                yield return (broker, endpoint);
        }
    }

    public static (BrokerRegistration Broker, NodeEndpoint Endpoint)? Find(MetadataImage image, int brokerId, string listenerName) =>
        image.Cluster.AliveBroker(brokerId) is { } broker && broker.Endpoint(listenerName) is { } endpoint ? (broker, endpoint) : null;
}
