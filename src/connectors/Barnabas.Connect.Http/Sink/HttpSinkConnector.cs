using Barnabas.Connect.Config;
using Barnabas.Connect.Http.Requests;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Http.Sink;

/// <summary>Sends records to an HTTP API, as webhooks do.</summary>
public sealed class HttpSinkConnector : SinkConnector
{
    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Version => HttpPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => HttpSinkConfig.Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new HttpSinkTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _ = new HttpSinkConfig(configs);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [.. Enumerable.Repeat(_configs, maxTasks)];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> ValidateTogether(IReadOnlyDictionary<string, string> configs) => RequestKeys.ValidateTogether(configs);
}
