using Barnabas.Connect.Mqtt.Sink;
using Barnabas.Connect.Mqtt.Source;
using Barnabas.Connect.Plugins;

namespace Barnabas.Connect.Mqtt;

/// <summary>The connectors of this assembly.</summary>
public static class MqttPlugins
{
    internal const string Version = "0.1.0";

    /// <summary>MQTT source and sink, under the names of the connectors that users know.</summary>
    public static IReadOnlyList<ConnectorPlugin> All { get; } =
    [
        new("io.confluent.connect.mqtt.MqttSourceConnector", Version, IsSource: true, () => new MqttSourceConnector(), ["MqttSource"]),
        new("io.confluent.connect.mqtt.MqttSinkConnector", Version, IsSource: false, () => new MqttSinkConnector(), ["MqttSink"]),
    ];
}
