using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>What all workers' source tasks do: start the task inside, poll it, stand still when asked. How records and offsets are written is theirs.</summary>
public abstract class AbstractWorkerSourceTask : WorkerTask
{
    private static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

    /// <summary>Creates it; nothing runs before it is started.</summary>
    private protected AbstractWorkerSourceTask(ConnectorTaskId id, SourceTask task, SourceTaskSetup setup, ITaskListener listener, TimeProvider time, ILogger logger)
        : base(id, listener, time, logger)
    {
        Source = task;
        Setup = setup;
        Conversion = new SourceRecordConversion(id, setup, Uses, logger);
    }

    /// <inheritdoc/>
    protected sealed override ConnectTask Inner => Source;

    private protected SourceTask Source { get; }

    private protected SourceTaskSetup Setup { get; }

    private protected SourceRecordConversion Conversion { get; }

    private protected OffsetKeys OffsetKeys { get; } = new();

    /// <summary>Where the connector's offsets are, once the task has started.</summary>
    private protected IOffsetStore? Offsets { get; private set; }

    /// <summary>When offsets were committed last, as a timestamp of the clock; the start counts as one.</summary>
    private protected long LastCommit { get; set; }

    /// <summary>The transactions that the connector bounds itself, or null.</summary>
    private protected virtual TransactionContext? Transactions => null;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync()
    {
        await PrepareAsync();
        Offsets = await Setup.Offsets(Stopping);
        var context = new SourceTaskContext
        {
            ConnectorName = Id.Connector,
            TaskNumber = Id.Task,
            Offsets = new OffsetReader(Id.Connector, Offsets),
            Time = Time,
            Logger = Logger,
            Transactions = Transactions,
        };
        await Source.StartAsync(context, Setup.TaskConfigs, Stopping);
        LastCommit = Time.GetTimestamp();
        Started();
        TaskLog.Started(Logger, Id);
        var isPaused = IsPaused;
        while (!Stopping.IsCancellationRequested)
        {
            if (IsPaused)
            {
                if (!isPaused)
                {
                    await BeforePauseAsync();
                    Paused();
                }

                isPaused = true;
                await WhilePausedAsync();
                await PauseAsync(PollPause);
                continue;
            }

            isPaused = false;
            foreach (var record in await PollAsync()) await SendAsync(record);
            await AfterBatchAsync();
        }
    }

    /// <summary>What is due before the task inside starts.</summary>
    private protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Takes one record that the task gave.</summary>
    private protected abstract ValueTask SendAsync(SourceRecord record);

    /// <summary>All records of one poll were taken.</summary>
    private protected abstract Task AfterBatchAsync();

    /// <summary>The task is about to stand still.</summary>
    private protected virtual Task BeforePauseAsync() => Task.CompletedTask;

    /// <summary>Comes again and again while it stands still.</summary>
    private protected virtual Task WhilePausedAsync() => Task.CompletedTask;

    private async ValueTask<IReadOnlyList<SourceRecord>> PollAsync()
    {
        try
        {
            return await Source.PollAsync(Stopping);
        }
        catch (RetriableException error)
        {
            TaskLog.PutRetried(Logger, Id, error.Message, PollPause);
            await Task.Delay(PollPause, Time, Stopping);
            return [];
        }
    }
}
