using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes the cluster: its id, nodes and controller.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task<ClusterDescription> DescribeClusterAsync(
        bool includeAuthorizedOperations = false, bool includeFencedBrokers = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("listNodes", timeout, async token =>
        {
            var connection = await _cluster.ConnectToAnyAsync(token);
            if (!_options.UseControllers && !connection.Versions.Supports(ApiKey.DescribeCluster)) return await DescribeClusterByMetadataAsync(connection, token);
            var version = connection.Versions.Choose(ApiKey.DescribeCluster, lowest: includeFencedBrokers ? (short)2 : _options.UseControllers ? (short)1 : (short)0);
            var request = new DescribeClusterRequest { IncludeClusterAuthorizedOperations = includeAuthorizedOperations };
            if (version >= 1) request.EndpointType = _options.UseControllers ? (sbyte)2 : (sbyte)1;
            if (version >= 2) request.IncludeFencedBrokers = includeFencedBrokers;
            var response = await connection.SendAsync(request, version, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            var nodes = response.Brokers.OrderBy(node => node.BrokerId).Select(node => new Node(node.BrokerId, node.Host, node.Port, node.Rack)).ToList();
            return new ClusterDescription(
                response.ClusterId,
                nodes.Find(node => node.Id == response.ControllerId),
                nodes,
                response.Brokers.Where(node => node.IsFenced).Select(node => node.BrokerId).ToHashSet(),
                response.ClusterAuthorizedOperations);
        }, cancellationToken);

    /// <summary>What a node says it supports.</summary>
    /// <exception cref="KafkaException">The node cannot be reached in time.</exception>
    public Task<ApiVersionTable> GetApiVersionsAsync(Node node, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("apiVersions", timeout, async token => (await _cluster.ConnectAsync(node, ConnectionRole.Regular, token)).Versions, cancellationToken);

    /// <summary>Removes a broker that is gone for good from the cluster's metadata.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task UnregisterBrokerAsync(int brokerId, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<Done>("unregisterBroker", timeout, async token =>
        {
            var response = await SendToAnyAsync(new UnregisterBrokerRequest { BrokerId = brokerId }, token);
            return response.ErrorCode == ErrorCode.None ? default : throw response.ErrorCode.ToException(response.ErrorMessage);
        }, cancellationToken);

    private static async Task<ClusterDescription> DescribeClusterByMetadataAsync(NodeConnection connection, CancellationToken cancellationToken)
    {
        var version = connection.Versions.Choose(ApiKey.Metadata, lowest: 1);
        var response = await connection.SendAsync(new MetadataRequest { Topics = [] }, version, cancellationToken);
        var nodes = MetadataResponseReader.Nodes(response);
        nodes.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return new ClusterDescription(response.ClusterId ?? "", nodes.Find(node => node.Id == response.ControllerId), nodes, new HashSet<int>(), int.MinValue);
    }
}
