using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Http.Requests;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Http.Source;

/// <summary>Asks an HTTP API at an interval, and makes records of what it answers.</summary>
public sealed class HttpSourceConnector : SourceConnector
{
    internal const string EntityField = "entity";

    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();
    private IReadOnlyList<string> _entities = [];

    /// <inheritdoc/>
    public override string Version => HttpPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => HttpSourceConfig.Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new HttpSourceTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _entities = new HttpSourceConfig(configs).Entities;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks)
    {
        if (_entities.Count == 0) return [_configs];
        var count = Math.Min(maxTasks, _entities.Count);
        return [.. Enumerable.Range(0, count).Select(task => new Dictionary<string, string>(_configs)
        {
            [HttpSourceConfig.EntitiesKey] = string.Join(',', _entities.Where((_, index) => index % count == task)),
        })];
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> ValidateTogether(IReadOnlyDictionary<string, string> configs)
    {
        var errors = RequestKeys.ValidateTogether(configs);
        var hasPlace = new UrlTemplate(configs.GetValueOrDefault(HttpSourceConfig.UrlKey, "")).HasEntity;
        var hasNames = ConfigValue.SplitList(configs.GetValueOrDefault(HttpSourceConfig.EntitiesKey, "")).Count > 0;
        if (hasPlace && !hasNames) errors[HttpSourceConfig.EntitiesKey] = "must be given, since url has a place for them";
        if (hasNames && !hasPlace) errors[HttpSourceConfig.EntitiesKey] = "url has no place such as {Name} for them";
        var mode = HttpSourceConfig.ModeOf(configs.GetValueOrDefault(HttpSourceConfig.OffsetModeKey, ""));
        if (mode is OffsetMode.Increasing or OffsetMode.Chaining && configs.GetValueOrDefault(HttpSourceConfig.OffsetPointerKey, "").Length == 0)
            errors[HttpSourceConfig.OffsetPointerKey] = "must be given for this http.offset.mode";
        return errors;
    }

    /// <inheritdoc/>
    public override bool? SupportsExactlyOnce(IReadOnlyDictionary<string, string> configs) =>
        HttpSourceConfig.ModeOf(configs.GetValueOrDefault(HttpSourceConfig.OffsetModeKey, "")) is OffsetMode.Increasing or OffsetMode.Chaining;

    /// <inheritdoc/>
    public override bool AlterOffsets(
        IReadOnlyDictionary<string, string> configs, IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> offsets)
    {
        foreach (var (partition, offset) in offsets)
        {
            if (partition.Count != 1 || partition.GetValueOrDefault(EntityField) is not string) throw new ConnectException($"Partition objects should contain the key '{EntityField}' alone, with a text");
            if (offset is not null && !offset.Keys.All(key => key is "offset" or "etag")) throw new ConnectException("Offset objects should either be null or contain the keys 'offset' or 'etag'");
        }

        return true;
    }
}
