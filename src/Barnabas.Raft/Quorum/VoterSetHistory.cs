namespace Barnabas.Raft.Quorum;

/// <summary>
/// The voter sets and kraft.version levels that control records of log and snapshot name, by offset. The latest holds
/// as soon as it is written, committed or not (KIP-853). Written on the raft thread, read from any.
/// </summary>
public sealed class VoterSetHistory(VoterSet staticVoters)
{
    /// <summary>The offset of values that came from the snapshot written by formatting.</summary>
    public const long BootstrapOffset = -1;

    private readonly Lock _lock = new();
    private readonly SortedList<long, VoterSet> _voters = [];
    private readonly SortedList<long, short> _versions = [];

    /// <summary>The voters that hold now: the latest written, else those of <c>controller.quorum.voters</c>.</summary>
    public VoterSet Latest
    {
        get
        {
            lock (_lock) return _voters.Count > 0 ? _voters.Values[^1] : staticVoters;
        }
    }

    /// <summary>The kraft.version that holds now; 0 is a static quorum.</summary>
    public short KRaftVersion
    {
        get
        {
            lock (_lock) return _versions.Count > 0 ? _versions.Values[^1] : (short)0;
        }
    }

    /// <summary>True when the latest voters came from the formatting snapshot and are in no log yet.</summary>
    public bool LatestIsBootstrap
    {
        get
        {
            lock (_lock) return _voters.Count > 0 && _voters.Keys[^1] == BootstrapOffset;
        }
    }

    /// <summary>Notes the voters written at an offset.</summary>
    public void AddVoters(long offset, VoterSet voters)
    {
        lock (_lock) _voters[offset] = voters;
    }

    /// <summary>Notes the kraft.version written at an offset.</summary>
    public void AddVersion(long offset, short version)
    {
        lock (_lock) _versions[offset] = version;
    }

    /// <summary>The voters that held at an offset, or null when none were written up to there.</summary>
    public VoterSet? VotersAt(long offset)
    {
        lock (_lock)
        {
            for (var i = _voters.Count - 1; i >= 0; i--)
            {
                if (_voters.Keys[i] <= offset) return _voters.Values[i];
            }
            return null;
        }
    }

    /// <summary>The kraft.version that held at an offset.</summary>
    public short VersionAt(long offset)
    {
        lock (_lock)
        {
            for (var i = _versions.Count - 1; i >= 0; i--)
            {
                if (_versions.Keys[i] <= offset) return _versions.Values[i];
            }
            return 0;
        }
    }
}
