using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Simulation;

/// <summary>Holds what members saw against what must be true of any group.</summary>
internal sealed class GroupObserver
{
    private readonly Dictionary<(int Life, int Generation), string> _leaders = [];
    private readonly Dictionary<string, byte[]> _assignments = [];
    private readonly Dictionary<int, string> _settledBy = [];
    private int _life;
    private int _nextAssignment;
    private int _lastGeneration;

    public int SettledCount { get; private set; }

    /// <summary>The coordinator was loaded anew; generations that were never written may come again.</summary>
    public void OnReload(int generation)
    {
        _life++;
        _lastGeneration = generation;
    }

    public void OnJoined(SimulatedMember member, JoinGroupResponse response)
    {
        Assert.True(response.GenerationId > 0, $"{member.Name} joined generation {response.GenerationId}.");
        if (response.Members.Count > 0 && !response.SkipAssignment)
        {
            Assert.Equal(response.MemberId, response.Leader);
            Assert.True(
                _leaders.TryAdd((_life, response.GenerationId), response.MemberId) || _leaders[(_life, response.GenerationId)] == response.MemberId,
                $"Generation {response.GenerationId} has two leaders.");
            Assert.Contains(response.Members, listed => listed.MemberId == response.MemberId);
            Assert.Equal(response.Members.Count, response.Members.Select(listed => listed.MemberId).Distinct().Count());
            Assert.True(response.GenerationId >= _lastGeneration, $"Generation {response.GenerationId} follows {_lastGeneration}.");
            _lastGeneration = response.GenerationId;
        }
    }

    /// <summary>An assignment no other is equal to.</summary>
    public (string MemberId, byte[] Assignment)[] Assign(JoinGroupResponse response)
    {
        var assigned = new (string MemberId, byte[] Assignment)[response.Members.Count];
        for (var i = 0; i < assigned.Length; i++)
        {
            var assignment = BitConverter.GetBytes(++_nextAssignment);
            assigned[i] = (response.Members[i].MemberId, assignment);
            _assignments[$"{response.GenerationId}/{response.MemberId}/{Convert.ToHexString(assignment)}"] = assignment;
        }

        return assigned;
    }

    /// <summary>All members that settle in a generation have assignments of one leader.</summary>
    public void OnSynced(SimulatedMember member, JoinGroupResponse joined, SyncGroupResponse synced)
    {
        SettledCount++;
        if (synced.Assignment.IsEmpty)
            return;

        var suffix = "/" + Convert.ToHexString(synced.Assignment.Span);
        var source = _assignments.Keys.SingleOrDefault(key => key.EndsWith(suffix, StringComparison.Ordinal));
        Assert.True(source is not null, $"{member.Name} has an assignment nobody made.");
        var parts = source.Split('/');
        Assert.Equal(joined.GenerationId, int.Parse(parts[0]));
        Assert.True(
            _settledBy.TryAdd(joined.GenerationId, parts[1]) || _settledBy[joined.GenerationId] == parts[1],
            $"Generation {joined.GenerationId} settled under two leaders.");
    }
}
