using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.File;

/// <summary>The connectors of this assembly.</summary>
public static class FilePlugins
{
    internal const string Version = "4.3.1";

    /// <summary>File source and sink; without a file they are the console.</summary>
    public static IReadOnlyList<ConnectorPlugin> All { get; } =
    [
        new("org.apache.kafka.connect.file.FileStreamSourceConnector", Version, IsSource: true, () => new FileStreamSourceConnector(), ["FileStreamSource"]),
        new("org.apache.kafka.connect.file.FileStreamSinkConnector", Version, IsSource: false, () => new FileStreamSinkConnector(), ["FileStreamSink"]),
    ];
}
