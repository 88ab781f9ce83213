namespace Barnabas.Connect.Mqtt;

/// <summary>A message that came.</summary>
/// <param name="Id">Its id on the connection; 0 for quality of service 0.</param>
/// <param name="Topic">The MQTT topic.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Qos">The quality of service it came with.</param>
/// <param name="IsRetained">Whether the server had kept it for new subscribers.</param>
/// <param name="Properties">Its user properties, of MQTT 5.</param>
internal sealed record MqttMessage(int Id, string Topic, byte[] Payload, int Qos, bool IsRetained, IReadOnlyList<(string Name, string Value)> Properties);
