using Barnabas.Connect.Records;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Sdk;

/// <summary>Writes records of some partitions into a sink.</summary>
public abstract class SinkTask : ConnectTask
{
    /// <summary>Called once, before anything else.</summary>
    /// <exception cref="Errors.ConnectException">It cannot run; its status becomes FAILED with the message.</exception>
    public abstract Task StartAsync(SinkTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken);

    /// <summary>Takes records, in order per partition; may be called with none so that time passes.</summary>
    /// <exception cref="Errors.RetriableException">The same records are to be put again, after <see cref="SinkTaskContext.RetryDelay"/>.</exception>
    public abstract Task PutAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken);

    /// <summary>Partitions come: called before their first records.</summary>
    public virtual Task OpenAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Partitions go: called after their last commit.</summary>
    public virtual Task CloseAsync(IReadOnlyCollection<TopicPartition> partitions) => Task.CompletedTask;

    /// <summary>Makes everything that was put durable.</summary>
    public virtual Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The offsets that may be committed now, given those after the last records put; flushes unless overridden.</summary>
    public virtual async Task<IReadOnlyDictionary<TopicPartition, long>> PreCommitAsync(
        IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return offsets;
    }
}

/// <summary>What a sink task gets from its worker. Not for use outside the task's calls.</summary>
public sealed class SinkTaskContext
{
    private readonly Dictionary<TopicPartition, long> _seeks = [];

    /// <summary>The connector's name.</summary>
    public required string ConnectorName { get; init; }

    /// <summary>The task's number, from 0.</summary>
    public required int TaskNumber { get; init; }

    /// <summary>Takes records that the sink cannot; null where errors are not tolerated.</summary>
    public required IErrantRecordReporter? Errants { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where it tells what it does.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>How long the worker waits before it puts the same records again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether the task asked for a commit as soon as may be.</summary>
    public bool IsCommitRequested { get; set; }

    /// <summary>Reads a partition from another offset on, from the next put on.</summary>
    public void Seek(TopicPartition partition, long offset) => _seeks[partition] = offset;

    internal IReadOnlyDictionary<TopicPartition, long> TakeSeeks()
    {
        if (_seeks.Count == 0) return _seeks;
        var taken = new Dictionary<TopicPartition, long>(_seeks);
        _seeks.Clear();
        return taken;
    }
}

/// <summary>Takes records that a sink cannot (KIP-610): they go where <c>errors.*</c> says.</summary>
public interface IErrantRecordReporter
{
    /// <summary>Reports a record; done when it is written down.</summary>
    /// <exception cref="Errors.ConnectException">Errors are not tolerated.</exception>
    Task ReportAsync(SinkRecord record, Exception error);
}
