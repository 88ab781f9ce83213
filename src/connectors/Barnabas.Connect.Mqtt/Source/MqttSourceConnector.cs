using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Mqtt.Source;

/// <summary>Messages of MQTT topics as records.</summary>
public sealed class MqttSourceConnector : SourceConnector
{
    internal const string FiltersKey = "mqtt.topics";
    internal const string TopicKey = "kafka.topic";
    internal const string CleanKey = "mqtt.clean.session.enabled";

    internal static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(FiltersKey, ConfigType.List) { Validator = new FilterValidator(), Importance = ConfigImportance.High, Group = "Topics", Order = 1, DisplayName = "MQTT topics", Documentation = "The filters to subscribe to; + stands for one level, # for all that follow." })
        .Define(new(TopicKey, ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Group = "Topics", Order = 2, DisplayName = "Kafka topic", Documentation = "The topic for the records; the key of each is its MQTT topic." })
        .Define(new(CleanKey, ConfigType.Boolean) { Default = "true", Importance = ConfigImportance.High, Group = "Topics", Order = 3, DisplayName = "Clean session", Documentation = "Whether each connection begins anew. With false the server keeps what comes while the connector is away, and messages arrive at least once; quality 2 is then subscribed as 1." })
        .Embed(MqttOptions.Define());

    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();
    private IReadOnlyList<string> _filters = [];

    /// <inheritdoc/>
    public override string Version => MqttPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new MqttSourceTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _filters = Definition.Parse(configs).GetList(FiltersKey);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks)
    {
        var count = Math.Min(maxTasks, _filters.Count);
        return [.. Enumerable.Range(0, count).Select(task => new Dictionary<string, string>(_configs)
        {
            [FiltersKey] = string.Join(',', _filters.Where((_, index) => index % count == task)),
        })];
    }

    private sealed class FilterValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            var filters = (IReadOnlyList<string>?)value ?? [];
            if (filters.Count == 0) throw new ConfigException(name, value, "must name at least one filter");
            foreach (var filter in filters)
                if (!IsValid(filter)) throw new ConfigException(name, value, $"{filter} is not an MQTT filter: + and # stand for whole levels, and # is the last");
        }

        public override string Describe() => "MQTT filters, such as plant/+/sensor/#";

        private static bool IsValid(string filter)
        {
            var levels = filter.Split('/');
            return filter.Length > 0 && !filter.Contains('\0', StringComparison.Ordinal)
                && levels.Index().All(level => level.Item == "+" || (level.Item == "#" && level.Index == levels.Length - 1) || level.Item.IndexOfAny(['+', '#']) < 0);
        }
    }
}
