using Barnabas.Connect.Jdbc.Sink;
using Barnabas.Connect.Jdbc.Source;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Jdbc;

/// <summary>The connectors of this assembly.</summary>
public static class JdbcPlugins
{
    internal const string Version = "0.1.0";

    /// <summary>JDBC source and sink, under the names of the connectors that users know.</summary>
    public static IReadOnlyList<ConnectorPlugin> All { get; } =
    [
        new("io.confluent.connect.jdbc.JdbcSourceConnector", Version, IsSource: true, () => new JdbcSourceConnector(), ["JdbcSource"]) { TaskClassName = "io.confluent.connect.jdbc.source.JdbcSourceTask" },
        new("io.confluent.connect.jdbc.JdbcSinkConnector", Version, IsSource: false, () => new JdbcSinkConnector(), ["JdbcSink"]) { TaskClassName = "io.confluent.connect.jdbc.sink.JdbcSinkTask" },
    ];
}
