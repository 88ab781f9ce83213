using Barnabas.Connect.Config;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

// What the REST API asks for.
public sealed partial class Herder
{
    /// <summary>The names of all connectors, in order.</summary>
    public IReadOnlyList<string> Names => [.. _configs.State.Connectors.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A connector.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public ConnectorInfo Info(string name)
    {
        var config = Find(name);
        return new ConnectorInfo(name, config.Configs, config.Tasks.Count, IsSource(config.Configs));
    }

    /// <summary>Whether there is a connector of that name, of which a state is known.</summary>
    public bool IsKnown(string name) => _configs.State.Connectors.ContainsKey(name) && _status.Get(name) is not null;

    /// <summary>What a connector and its tasks do.</summary>
    /// <exception cref="RestException">There is none of that name, or nobody runs it yet (404).</exception>
    public ConnectorStatus StatusOf(string name)
    {
        var config = Find(name);
        var status = _status.Get(name) ?? throw new RestException(404, $"No status found for connector {name}");
        return new ConnectorStatus(name, status, _status.TasksOf(name), IsSource(config.Configs));
    }

    /// <summary>The state of a task.</summary>
    /// <exception cref="RestException">There is none (404).</exception>
    public Status StatusOf(ConnectorTaskId task) =>
        _status.Get(task) ?? throw new RestException(404, $"No status found for task {task}");

    /// <summary>The configurations of a connector's tasks.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(string name) => Find(name).Tasks;

    /// <summary>The topics that a connector used.</summary>
    /// <exception cref="RestException">There is none of that name, or topics are not tracked.</exception>
    public IReadOnlyCollection<string> Topics(string name)
    {
        if (!_options.TracksTopics) throw new RestException(403, "Topic tracking is disabled.");
        _ = Find(name);
        return _status.TopicsOf(name);
    }

    /// <summary>Forgets the topics that a connector used.</summary>
    /// <exception cref="RestException">There is none of that name, or this is not allowed.</exception>
    public void ResetTopics(string name)
    {
        if (!_options.TracksTopics) throw new RestException(403, "Topic tracking is disabled.");
        if (!_options.AllowsTopicReset) throw new RestException(403, "Topic tracking reset is disabled.");
        _ = Find(name);
        _status.ResetTopics(name);
    }

    /// <summary>Creates a connector, or replaces its configuration.</summary>
    /// <returns>The connector, and whether it is new.</returns>
    /// <exception cref="RestException">The configuration is not valid (400), or the connector exists and must not (409).</exception>
    public Task<(ConnectorInfo Info, bool IsNew)> PutAsync(
        string name, IReadOnlyDictionary<string, string> configs, TargetState? target, bool mayReplace, CancellationToken cancellationToken)
    {
        var result = Validate(configs);
        if (result.ErrorCount > 0)
        {
            var errors = string.Concat(result.Keys.SelectMany(entry => entry.Value.Errors).Select(error => "\n" + error));
            throw new RestException(400, $"Connector configuration is invalid and contains the following {result.ErrorCount} error(s):{errors}\nYou can also find the above list of errors at the endpoint `/connector-plugins/{{connectorType}}/config/validate`");
        }

        return CallAsync(async () =>
        {
            RequireLeader("Only the leader can set connector configs.");
            var isNew = !_configs.State.Connectors.ContainsKey(name);
            if (!isNew && !mayReplace) throw new RestException(409, $"Connector {name} already exists");
            await WriteAsync($"writing a config for connector {name} to the config topic", () => _configs.PutConnectorAsync(name, configs, target, cancellationToken));
            await ReconcileAsync();
            return (Info(name), isNew);
        }, cancellationToken);
    }

    /// <summary>Removes a connector.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        RequireLeader("Only the leader can delete connector configs.");
        _ = Find(name);
        await WriteAsync($"removing the config for connector {name} from the config topic", () => _configs.RemoveConnectorAsync(name, cancellationToken));
        await ReconcileAsync();
        return true;
    }, cancellationToken);

    /// <summary>Sets what is wanted of a connector; done when it is written, not when all tasks follow.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public Task SetTargetAsync(string name, TargetState target, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        _ = Find(name, "Unknown connector ");
        if (target == TargetState.Stopped)
        {
            RequireLeader("Only the leader can transition connectors to the STOPPED state.");
            await WriteAsync($"writing 0 task configs for connector {name} to the config topic", () => _configs.PutTasksAsync(name, [], cancellationToken));
        }

        await _configs.PutTargetAsync(name, target, cancellationToken);
        await ReconcileAsync();
        return true;
    }, cancellationToken);

    /// <summary>The levels of this worker's loggers.</summary>
    public ILoggerLevels Loggers => _options.Loggers;

    /// <summary>Sets the level of a logger on all workers (KIP-976).</summary>
    public Task SetLoggerLevelAsync(string logger, string level, CancellationToken cancellationToken) => _configs.PutLoggerLevelAsync(logger, level, cancellationToken);

    /// <summary>Checks a configuration without using it.</summary>
    /// <exception cref="RestException">The class is not known (400).</exception>
    public ValidationResult Validate(IReadOnlyDictionary<string, string> configs) => ConnectorValidation.Validate(_plugins, Resolve(configs), _worker.Overrides, _options.IsExactlyOnce);

    private ConnectorConfig Find(string name, string unknown = "") => _configs.State.Connectors.GetValueOrDefault(name)
        ?? throw (unknown.Length == 0 ? RestException.NoConnector(name) : new RestException(404, unknown + name));
}
