namespace Barnabas.Connect.Sdk;

/// <summary>A part of a connector's job. The worker calls it from one thread at a time. See <see cref="SourceTask"/> and <see cref="SinkTask"/>.</summary>
public abstract class ConnectTask
{
    /// <summary>Called once at the end, also after a failure.</summary>
    public virtual Task StopAsync() => Task.CompletedTask;
}
