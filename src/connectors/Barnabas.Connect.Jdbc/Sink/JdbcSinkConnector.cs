using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>Records as rows of tables.</summary>
public sealed class JdbcSinkConnector : SinkConnector
{
    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Version => JdbcPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => JdbcSinkConfig.Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new JdbcSinkTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _ = new JdbcSinkConfig(configs);
        _configs = configs;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [.. Enumerable.Repeat(_configs, maxTasks)];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> ValidateTogether(IReadOnlyDictionary<string, string> configs)
    {
        if (Definition(configs) is not { } error) return new Dictionary<string, string>();
        var key = configs.GetValueOrDefault("delete.enabled") == "true" && error.Contains("delete", StringComparison.Ordinal) ? "delete.enabled" : "pk.mode";
        return new Dictionary<string, string> { [key] = error };
    }

    // What single keys are wrong stands at those keys already.
    private static string? Definition(IReadOnlyDictionary<string, string> configs)
    {
        if (JdbcSinkConfig.Definition.Validate(configs).Any(value => value.Errors.Count > 0)) return null;
        try
        {
            _ = new JdbcSinkConfig(configs);
            return null;
        }
        catch (ConfigException error)
        {
            return error.Message;
        }
    }
}
