using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Mqtt.Sink;

/// <summary>Records as MQTT messages.</summary>
public sealed class MqttSinkConnector : SinkConnector
{
    internal const string TopicKey = "mqtt.topic";
    internal const string RetainedKey = "mqtt.retained.enabled";
    internal const string CleanKey = "mqtt.clean.session.enabled";
    internal const string TimeoutKey = "mqtt.publish.timeout.ms";

    internal static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(TopicKey, ConfigType.String) { Default = "${topic}", Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Group = "Topics", Order = 1, DisplayName = "MQTT topic", Documentation = "The MQTT topic; ${topic} stands for the record's topic and ${key} for its key." })
        .Define(new(RetainedKey, ConfigType.Boolean) { Default = "false", Group = "Topics", Order = 2, DisplayName = "Retained", Documentation = "Whether the server keeps the last message of each topic for new subscribers." })
        .Define(new(CleanKey, ConfigType.Boolean) { Default = "true", Group = "Topics", Order = 3, DisplayName = "Clean session", Documentation = "Whether each connection begins anew; with false the server keeps the session while the connector is away." })
        .Define(new(TimeoutKey, ConfigType.Int) { Default = "30000", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = "Topics", Order = 4, DisplayName = "Publish time-out", Documentation = "How long the server may take to acknowledge what was sent, in milliseconds; then it is sent again over a new connection." })
        .Embed(MqttOptions.Define());

    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Version => MqttPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new MqttSinkTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _ = Definition.Parse(configs);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [.. Enumerable.Repeat(_configs, maxTasks)];
}
