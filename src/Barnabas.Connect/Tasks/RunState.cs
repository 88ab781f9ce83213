namespace Barnabas.Connect.Tasks;

/// <summary>What a connector or task does.</summary>
public enum RunState
{
    /// <summary>Nobody runs it yet.</summary>
    Unassigned,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It stands still.</summary>
    Paused,

    /// <summary>It ended by an error.</summary>
    Failed,

    /// <summary>It is starting again.</summary>
    Restarting,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>It was deleted.</summary>
    Destroyed,
}
