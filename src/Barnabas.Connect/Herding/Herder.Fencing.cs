using Barnabas.Connect.Distributed;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

// Tasks of the past must not write any more before those of now start (KIP-618).
public sealed partial class Herder
{
    private readonly Dictionary<string, Task> _fencings = [];

    /// <summary>Fences the older tasks of a connector, asked by another worker.</summary>
    /// <exception cref="RestException">The request is not signed as it must be, or there is no such source connector.</exception>
    internal Task FenceAsync(string name, InternalRequestSignature signature, CancellationToken cancellationToken)
    {
        Verify(signature);
        return FenceAsync(name, cancellationToken);
    }

    private TaskPreflight? PreflightOf(ConnectorTaskId task)
    {
        var state = _configs.State;
        if (!_options.IsExactlyOnce || !state.Connectors.TryGetValue(task.Connector, out var config) || IsSource(config.Configs) != true) return null;
        var generation = state.TaskGenerations.GetValueOrDefault(task.Connector, -1);
        return new TaskPreflight(cancellationToken => FenceBeforeAsync(task.Connector, cancellationToken), cancellationToken => VerifyAsync(task, generation, cancellationToken));
    }

    private Task FenceBeforeAsync(string name, CancellationToken cancellationToken) =>
        _group.IsLeader ? FenceAsync(name, cancellationToken) : _others!.FenceAsync(Leader(), name, KeyForRequests(), cancellationToken);

    private async Task FenceAsync(string name, CancellationToken cancellationToken)
    {
        var fencing = await QueueAsync(() => BeginFencingAsync(name, cancellationToken)).WaitAsync(RequestTimeout, _options.Time, cancellationToken);
        await fencing.Running.WaitAsync(RequestTimeout, _options.Time, cancellationToken);
    }

    private async Task<Fencing> BeginFencingAsync(string name, CancellationToken cancellationToken)
    {
        RequireLeader("Only the leader may perform zombie fencing.");
        if (IsSource(Find(name).Configs) != true) throw new RestException(400, $"Connector {name} is not a source connector");
        await _configs.RefreshAsync(cancellationToken);
        var state = _configs.State;
        if (!state.PendingFencing.Contains(name)) return Fencing.Done;
        var count = Find(name).Tasks.Count;
        var isRecorded = state.TaskCountRecords.TryGetValue(name, out var recorded);
        // Never run in transactions before, or one task then and now, which fences its predecessor itself.
        if (!isRecorded || (recorded == 1 && count == 1))
        {
            await RecordAsync(name, count);
            return Fencing.Done;
        }

        if (!_fencings.TryGetValue(name, out var running) || running.IsCompleted)
            _fencings[name] = running = FenceAndRecordAsync(name, recorded, count, state.TaskGenerations.GetValueOrDefault(name, -1));
        return new Fencing(running);
    }

    private async Task FenceAndRecordAsync(string name, int recorded, int count, int generation)
    {
        await _worker.FenceAsync(name, Resolve(Find(name).Configs), recorded, _stopping.Token);
        HerderLog.Fenced(_logger, name, recorded);
        _ = await QueueAsync(async () =>
        {
            if (_configs.State.TaskGenerations.GetValueOrDefault(name, -1) != generation)
                throw new ConnectException("Fencing failed because new task configurations were generated for the connector");
            RequireLeader("Fencing failed because this worker is no longer the leader of the cluster");
            await RecordAsync(name, count);
            return true;
        });
    }

    private Task RecordAsync(string name, int count) =>
        WriteAsync($"writing a task count record for connector {name} to the config topic", () => _configs.PutTaskCountRecordAsync(name, count, _stopping.Token));

    // The task has its transactional id now: is it still meant to run?
    private async Task VerifyAsync(ConnectorTaskId task, int generation, CancellationToken cancellationToken)
    {
        await _configs.RefreshAsync(cancellationToken);
        if (_configs.State.TaskGenerations.GetValueOrDefault(task.Connector, -1) != generation)
            throw new ConnectException($"Cannot start source task {task} with exactly-once support as the connector has already generated a new set of task configs");
        if (!_group.Owns(task)) throw new ConnectException($"Cannot start source task {task} as it has already been revoked from this worker");
    }

    private sealed record Fencing(Task Running)
    {
        public static Fencing Done { get; } = new(Task.CompletedTask);
    }
}
