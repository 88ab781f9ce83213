namespace Barnabas.Connect.Tasks;

/// <summary>Is told what tasks do. Called from any thread.</summary>
public interface ITaskListener
{
    /// <summary>A task's state changed; the error for <see cref="RunState.Failed"/>.</summary>
    void OnState(ConnectorTaskId task, RunState state, Exception? error);

    /// <summary>A task used a topic.</summary>
    void OnTopic(ConnectorTaskId task, string topic);
}
