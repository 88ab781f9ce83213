using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Mqtt;

/// <summary>An MQTT server: <c>tcp://host:1883</c>, <c>mqtt://</c>, or with TLS <c>ssl://host:8883</c>, <c>mqtts://</c>, <c>tls://</c>.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="IsTls">Whether TLS is spoken.</param>
internal sealed record MqttAddress(string Host, int Port, bool IsTls)
{
    public static ConfigValidator Validator { get; } = new AddressValidator();

    public static MqttAddress? TryParse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return null;
        bool? isTls = uri.Scheme switch { "tcp" or "mqtt" => false, "ssl" or "tls" or "mqtts" => true, _ => null };
        return isTls is { } tls ? new MqttAddress(uri.DnsSafeHost, uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls) : null;
    }

    public override string ToString() => $"{(IsTls ? "ssl" : "tcp")}://{Host}:{Port}";

    private sealed class AddressValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            var texts = (IReadOnlyList<string>?)value ?? [];
            if (texts.Count == 0 || texts.Any(text => TryParse(text) is null)) throw new ConfigException(name, value, "must be addresses such as tcp://host:1883 or ssl://host:8883");
        }

        public override string Describe() => "addresses such as tcp://host:1883 or ssl://host:8883";
    }
}
