using Barnabas.Connect.Http.Sink;
using Barnabas.Connect.Http.Source;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Http;

/// <summary>The connectors of this assembly.</summary>
public static class HttpPlugins
{
    internal const string Version = "0.1.0";

    /// <summary>HTTP source and sink, under the names of the connectors that users know.</summary>
    public static IReadOnlyList<ConnectorPlugin> All { get; } =
    [
        new("io.confluent.connect.http.HttpSourceConnector", Version, IsSource: true, () => new HttpSourceConnector(), ["HttpSource"]),
        new("io.confluent.connect.http.HttpSinkConnector", Version, IsSource: false, () => new HttpSinkConnector(), ["HttpSink"]),
    ];
}
