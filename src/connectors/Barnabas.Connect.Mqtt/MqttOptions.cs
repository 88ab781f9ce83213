using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Mqtt;

/// <summary>What source and sink share: the server, who speaks, and TLS. Immutable.</summary>
internal sealed record MqttOptions
{
    private const string Connection = "Connection";

    public required IReadOnlyList<MqttAddress> Servers { get; init; }

    public required string? User { get; init; }

    public required string? Password { get; init; }

    public required string ClientId { get; init; }

    public required bool IsVersion5 { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required int KeepAliveSeconds { get; init; }

    public required int Qos { get; init; }

    public required int MaxMessageBytes { get; init; }

    public required string? CaFile { get; init; }

    public required string? CertificateFile { get; init; }

    public required string? KeyFile { get; init; }

    public static ConfigDef Define() => new ConfigDef()
        .Define(new("mqtt.server.uri", ConfigType.List) { Validator = MqttAddress.Validator, Importance = ConfigImportance.High, Group = Connection, Order = 1, Width = "LONG", DisplayName = "Servers", Documentation = "The MQTT servers: tcp://host:1883, or ssl://host:8883 with TLS. The first that answers is taken." })
        .Define(new("mqtt.username", ConfigType.String) { Default = null, Importance = ConfigImportance.High, Group = Connection, Order = 2, DisplayName = "User", Documentation = "The user." })
        .Define(new("mqtt.password", ConfigType.Password) { Default = null, Importance = ConfigImportance.High, Group = Connection, Order = 3, DisplayName = "Password", Documentation = "The user's password." })
        .Define(new("mqtt.client.id", ConfigType.String) { Default = null, Group = Connection, Order = 4, DisplayName = "Client id", Documentation = "The name of the session; -TASK is added to it. The connector's name where it is not given." })
        .Define(new("mqtt.version", ConfigType.String) { Default = "5", Validator = ConfigValidators.OneOf("5", "3.1.1"), Importance = ConfigImportance.Low, Group = Connection, Order = 5, DisplayName = "Version", Documentation = "The version of MQTT: 5 or 3.1.1, which has no properties." })
        .Define(new("mqtt.qos", ConfigType.Int) { Default = "1", Validator = ConfigValidators.Between("0", "2"), Importance = ConfigImportance.High, Group = Connection, Order = 6, DisplayName = "Quality of service", Documentation = "0 for at most once, 1 for at least once, 2 for exactly once between MQTT server and connector." })
        .Define(new("mqtt.connect.timeout.seconds", ConfigType.Int) { Default = "30", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Connection, Order = 7, DisplayName = "Connect time-out", Documentation = "How long a connection may take, in seconds." })
        .Define(new("mqtt.keepalive.interval.seconds", ConfigType.Int) { Default = "60", Validator = ConfigValidators.Between("5", "65535"), Importance = ConfigImportance.Low, Group = Connection, Order = 8, DisplayName = "Keep-alive", Documentation = "How often a silent connection shows that it lives, in seconds." })
        .Define(new("mqtt.max.message.bytes", ConfigType.Int) { Default = "1048576", Validator = ConfigValidators.Between("1024", "268435455"), Importance = ConfigImportance.Low, Group = Connection, Order = 9, DisplayName = "Largest message", Documentation = "The largest packet that an MQTT 5 server may send, in bytes." })
        .Define(new("mqtt.ssl.ca.location", ConfigType.String) { Default = null, Group = Connection, Order = 10, DisplayName = "CA certificates", Documentation = "A PEM file of the authorities that are trusted; the system's where it is not given." })
        .Define(new("mqtt.ssl.certificate.location", ConfigType.String) { Default = null, Importance = ConfigImportance.Low, Group = Connection, Order = 11, DisplayName = "Client certificate", Documentation = "A PEM file with the client's certificate." })
        .Define(new("mqtt.ssl.key.location", ConfigType.String) { Default = null, Importance = ConfigImportance.Low, Group = Connection, Order = 12, DisplayName = "Client key", Documentation = "A PEM file with the key of that certificate, without a password." });

    public static MqttOptions Of(ConfigValues values, string connector, int task) => new()
    {
        Servers = [.. values.GetList("mqtt.server.uri").Select(text => MqttAddress.TryParse(text)!)],
        User = values.FindString("mqtt.username"),
        Password = values.FindString("mqtt.password"),
        ClientId = $"{values.FindString("mqtt.client.id") ?? connector}-{task}",
        IsVersion5 = values.GetString("mqtt.version") == "5",
        ConnectTimeout = TimeSpan.FromSeconds(values.GetInt("mqtt.connect.timeout.seconds")),
        KeepAliveSeconds = values.GetInt("mqtt.keepalive.interval.seconds"),
        Qos = values.GetInt("mqtt.qos"),
        MaxMessageBytes = values.GetInt("mqtt.max.message.bytes"),
        CaFile = values.FindString("mqtt.ssl.ca.location"),
        CertificateFile = values.FindString("mqtt.ssl.certificate.location"),
        KeyFile = values.FindString("mqtt.ssl.key.location"),
    };
}
