namespace Barnabas.Connect.Tasks;

/// <summary>What a user wants of a connector.</summary>
public enum TargetState
{
    /// <summary>It runs.</summary>
    Started,

    /// <summary>Its tasks stand still, and keep what they hold.</summary>
    Paused,

    /// <summary>It has no tasks; its offsets may be changed (KIP-875).</summary>
    Stopped,
}
