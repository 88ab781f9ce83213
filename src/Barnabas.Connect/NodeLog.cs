using Microsoft.Extensions.Logging;

namespace Barnabas.Connect;

internal static partial class NodeLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Kafka Connect started: the REST API listens on {Addresses}; the Kafka cluster is {ClusterId}.")]
    public static partial void Started(ILogger logger, string addresses, string clusterId);

    [LoggerMessage(Level = LogLevel.Information, Message = "plugin.path {Folder} holds Java archives: the connectors that Barnabas has are built in, the archives are not loaded.")]
    public static partial void JarsIgnored(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} plug-in(s) from {File}.")]
    public static partial void PluginsLoaded(ILogger logger, int count, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The plug-in {File} could not be loaded and is left out: {Reason}")]
    public static partial void PluginNotLoaded(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "plugin.path {Folder} does not exist; only the built-in connectors are there.")]
    public static partial void NoPluginFolder(ILogger logger, string folder);
}
