namespace Barnabas.Connect.Mqtt;

/// <summary>The MQTT server or its library said no.</summary>
/// <param name="message">Why.</param>
internal sealed class MqttException(string message) : Exception(message);
