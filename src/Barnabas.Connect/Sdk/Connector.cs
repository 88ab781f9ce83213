using Barnabas.Connect.Config;

namespace Barnabas.Connect.Sdk;

/// <summary>
/// Knows how to split a job into tasks. The worker makes one instance per started connector and calls it from one
/// thread at a time. Derive from <see cref="SourceConnector"/> or <see cref="SinkConnector"/>.
/// </summary>
public abstract class Connector
{
    /// <summary>The version that <c>/connector-plugins</c> shows.</summary>
    public abstract string Version { get; }

    /// <summary>Its configuration keys, beside those of every connector.</summary>
    public abstract ConfigDef Config { get; }

    /// <summary>Makes an unstarted task.</summary>
    public abstract ConnectTask NewTask();

    /// <summary>Called once, before <see cref="TaskConfigs"/>.</summary>
    /// <exception cref="Errors.ConnectException">It cannot run; its status becomes FAILED with the message.</exception>
    public abstract Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken);

    /// <summary>The configurations of its tasks: at most <paramref name="maxTasks"/>.</summary>
    public abstract IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks);

    /// <summary>Called once at the end, also after a failed start.</summary>
    public virtual Task StopAsync() => Task.CompletedTask;

    /// <summary>What is wrong with values that are valid by themselves but not together; by key.</summary>
    public virtual IReadOnlyDictionary<string, string> ValidateTogether(IReadOnlyDictionary<string, string> configs) => new Dictionary<string, string>();
}

/// <summary>A connector that brings data into Kafka.</summary>
public abstract class SourceConnector : Connector
{
    /// <summary>
    /// Called before offsets are changed by hand: true where they were checked, false where the connector cannot say.
    /// </summary>
    /// <exception cref="Errors.ConnectException">An offset is not one of this connector's; nothing is changed.</exception>
    public virtual bool AlterOffsets(
        IReadOnlyDictionary<string, string> configs,
        IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> offsets) => false;

    /// <summary>Whether it takes part in exactly-once delivery; null where it cannot say.</summary>
    public virtual bool? SupportsExactlyOnce(IReadOnlyDictionary<string, string> configs) => null;

    /// <summary>Whether its tasks say where transactions end, with <c>transaction.boundary=connector</c>.</summary>
    public virtual bool CanDefineTransactionBoundaries(IReadOnlyDictionary<string, string> configs) => false;
}

/// <summary>A connector that takes data out of Kafka.</summary>
public abstract class SinkConnector : Connector
{
}
