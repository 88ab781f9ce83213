using Barnabas.Client.Networking;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client;

internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "Connected to node {Node}.")]
    public static partial void Connected(ILogger logger, Node node);

    [LoggerMessage(2, LogLevel.Warning, "Connection to node {Node} could not be established: {Reason}. Node may not be available; trying again after a pause.")]
    public static partial void ConnectFailed(ILogger logger, Node node, string reason);

    [LoggerMessage(3, LogLevel.Warning, "These configurations '[{Names}]' were supplied but are not used yet.")]
    public static partial void UnknownConfigurations(ILogger logger, string names);

    [LoggerMessage(10, LogLevel.Warning, "These configurations '[{Names}]' have no effect on this client; it goes on without them.")]
    public static partial void UnusedConfigurations(ILogger logger, string names);

    [LoggerMessage(4, LogLevel.Debug, "Cluster {ClusterId}: {Nodes} nodes, controller {ControllerId}, {Topics} topics known.")]
    public static partial void MetadataUpdated(ILogger logger, string? clusterId, int nodes, int controllerId, int topics);

    [LoggerMessage(5, LogLevel.Warning, "Metadata of topic {Topic} answers {Error}; asking again after a pause.")]
    public static partial void TopicError(ILogger logger, string topic, Barnabas.Protocol.ErrorCode error);

    [LoggerMessage(6, LogLevel.Warning, "Metadata could not be refreshed from {Node}: {Reason}. Trying the next node.")]
    public static partial void MetadataFailed(ILogger logger, Node node, string reason);

    [LoggerMessage(7, LogLevel.Information, "No node known answers; starting again from the bootstrap servers.")]
    public static partial void Rebootstrapping(ILogger logger);

    [LoggerMessage(8, LogLevel.Information, "Topic {Topic} was created anew: id {OldId} became {NewId}. What was known of it is forgotten.")]
    public static partial void TopicRecreated(ILogger logger, string topic, Barnabas.Protocol.Uuid oldId, Barnabas.Protocol.Uuid newId);

    [LoggerMessage(9, LogLevel.Debug, "Coordinator of {Kind} {Key} is {Node}.")]
    public static partial void CoordinatorFound(ILogger logger, string kind, string key, Node node);
}
