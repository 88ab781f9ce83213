namespace Barnabas.Coordination.Runtime;

/// <summary>
/// How to take back what changed since the last successful write. The runtime clears it when a write
/// succeeds and unwinds it when one fails. Not thread-safe; owned by the shard's context.
/// </summary>
public sealed class RollbackLog
{
    private readonly Stack<Action> _undo = new();

    /// <summary>Whether changes are kept. Off while a log is loaded: what was read is not taken back.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>How many changes can be taken back.</summary>
    public int Count => _undo.Count;

    /// <summary>Notes how to take back the change just made.</summary>
    public void Add(Action undo)
    {
        if (IsRecording)
            _undo.Push(undo);
    }

    /// <summary>Takes every noted change back, last first.</summary>
    public void Unwind()
    {
        while (_undo.TryPop(out var undo))
            undo();
    }

    /// <summary>The changes are written: forget how to take them back.</summary>
    public void Clear() => _undo.Clear();
}
