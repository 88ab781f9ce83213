namespace Barnabas.Coordination.Tests.Support;

/// <summary>Runs tasks only when a test says so, on the test's thread.</summary>
internal sealed class QueueScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = new();

    public void RunAll()
    {
        while (_tasks.TryDequeue(out var task))
            TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    protected override void QueueTask(Task task) => _tasks.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
