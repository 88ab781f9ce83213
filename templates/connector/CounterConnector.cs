using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Sdk;

namespace Example.Counter;

/// <summary>Counts.</summary>
public sealed class CounterConnector : SourceConnector
{
    public static readonly ConfigDef Keys = new ConfigDef()
        .Define(new("topic", ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Documentation = "Where the numbers go." })
        .Define(new("interval.ms", ConfigType.Long) { Default = "1000", Validator = ConfigValidators.AtLeast("1"), Documentation = "The time between two." });
    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    public override string Version => "1.0.0";
    public override ConfigDef Config => Keys;
    public override ConnectTask NewTask() => new CounterTask();
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [_configs];
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        return Task.CompletedTask;
    }
}
