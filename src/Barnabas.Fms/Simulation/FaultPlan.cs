namespace Barnabas.Fms.Simulation;

/// <summary>Faults on demand. Thread-safe.</summary>
public sealed class FaultPlan
{
    private const int MostSpells = 100;

    private readonly Lock _gate = new();
    private readonly List<Spell> _spells = [];
    private volatile bool _isDown;
    private volatile bool _answersErrors;
    private int _delayMs;

    /// <summary>The names of the faults, as the control endpoint has them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["failing", "down", "errors", "slow"];

    /// <summary>Connections end without an answer.</summary>
    public bool IsDown { get => _isDown; set => _isDown = value; }

    /// <summary>Every answer is a 500.</summary>
    public bool AnswersErrors { get => _answersErrors; set => _answersErrors = value; }

    /// <summary>How long each answer waits.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Volatile.Read(ref _delayMs));
        set => Volatile.Write(ref _delayMs, (int)value.TotalMilliseconds);
    }

    /// <summary>The devices that fail now.</summary>
    public IReadOnlyList<int> Failing
    {
        get
        {
            lock (_gate)
                return [.. _spells.Where(spell => spell.End is null).Select(spell => spell.Device).Order()];
        }
    }

    /// <summary>A device fails from a time on.</summary>
    public void Fail(int device, DateTimeOffset from)
    {
        lock (_gate)
        {
            if (_spells.Exists(spell => spell.Device == device && spell.End is null))
                return;
            if (_spells.Count == MostSpells)
                _spells.RemoveAt(0);
            _spells.Add(new Spell(device, from, null));
        }
    }

    /// <summary>A device is well again from a time on; all where none is named.</summary>
    public void Mend(int? device, DateTimeOffset until)
    {
        lock (_gate)
        {
            for (var at = 0; at < _spells.Count; at++)
                if (_spells[at].End is null && (device is null || _spells[at].Device == device))
                    _spells[at] = _spells[at] with { End = until };
        }
    }

    /// <summary>Whether a device was failing at a time: readings asked for later stay what they were.</summary>
    public bool IsFailing(int device, DateTimeOffset at)
    {
        lock (_gate)
        {
            foreach (var spell in _spells)
                if (spell.Device == device && spell.Begin <= at && (spell.End is not { } end || at < end))
                    return true;
            return false;
        }
    }

    private sealed record Spell(int Device, DateTimeOffset Begin, DateTimeOffset? End);
}
