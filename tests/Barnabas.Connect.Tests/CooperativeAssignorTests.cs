using Barnabas.Connect.Distributed;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Tests;

/// <summary>Who runs what, round by round, as KIP-415 describes it.</summary>
public sealed class CooperativeAssignorTests
{
    private const int MaxDelayMs = 300_000;

    private readonly IncrementalCooperativeAssignor _assignor = new(MaxDelayMs);
    private readonly Dictionary<string, ConnectorsAndTasks> _members = [];
    private ConnectorsAndTasks _configured = Work(2, 4);
    private int _generation;
    private long _nowMs;

    [Fact]
    public void New_work_is_dealt_evenly_and_stays_where_it_is()
    {
        Join("a", "b");
        Round();
        Assert.All(_members.Values, member => Assert.Equal((1, 4), (member.Connectors.Count, member.Tasks.Count)));
        var before = _members.Values.Select(member => member.ToString()).ToList();
        Round();
        Assert.Equal(before, _members.Values.Select(member => member.ToString()));
    }

    [Fact]
    public void A_worker_that_comes_gets_its_share_after_the_others_have_stopped_it()
    {
        Join("a");
        Round();
        Join("b");
        var first = Round();
        Assert.Equal((1, 4), (first.Revoked["a"].Connectors.Count, first.Revoked["a"].Tasks.Count));
        Assert.True(first.Added["b"].IsEmpty);
        Round();
        Assert.All(_members.Values, member => Assert.Equal((1, 4), (member.Connectors.Count, member.Tasks.Count)));
    }

    [Fact]
    public void The_work_of_a_worker_that_is_gone_waits_for_it_and_then_goes_to_others()
    {
        Join("a", "b");
        Round();
        _members.Remove("b");
        var waiting = Round();
        Assert.Equal((MaxDelayMs, 4), (waiting.DelayMs, _members["a"].Tasks.Count));
        _nowMs += MaxDelayMs - 1;
        Assert.Equal((1, 4), (Round().DelayMs, _members["a"].Tasks.Count));
        _nowMs += 1;
        Assert.Equal((0, 8), (Round().DelayMs, _members["a"].Tasks.Count));
    }

    [Fact]
    public void A_worker_that_comes_back_under_another_name_gets_what_it_had()
    {
        Join("a", "b");
        Round();
        var lost = _members["b"].ToString();
        _members.Remove("b");
        Round();
        Join("b2");
        _nowMs += 1000;
        Assert.Equal(MaxDelayMs - 1000, Round().DelayMs);
        _nowMs += MaxDelayMs;
        Round();
        Assert.Equal(lost, _members["b2"].ToString());
        Assert.Equal(4, _members["a"].Tasks.Count);
    }

    [Fact]
    public void What_runs_twice_is_stopped_on_both_and_assigned_once()
    {
        Join("a", "b");
        Round();
        _members["b"] = _members["b"].And(new ConnectorsAndTasks([], [_members["a"].Tasks.First()]));
        Round();
        Round();
        Assert.Equal(_configured.Tasks.Count, _members.Values.Sum(member => member.Tasks.Count));
        Assert.Equal(_configured.Tasks.Count, ConnectorsAndTasks.Union(_members.Values).Tasks.Count);
    }

    [Fact]
    public void Whatever_comes_and_goes_each_task_ends_on_exactly_one_worker()
    {
        const int Seed = 20261;
        var random = new Random(Seed);
        Join("w0");
        for (var step = 1; step < 300; step++)
        {
            if (random.Next(3) == 0) Join("w" + step);
            else if (_members.Count > 1 && random.Next(2) == 0) _members.Remove(_members.Keys.ElementAt(random.Next(_members.Count)));
            if (random.Next(4) == 0) _configured = Work(random.Next(1, 6), random.Next(1, 5));
            Round();
            AssertNothingRunsTwice(step);
            _nowMs += random.Next(MaxDelayMs / 2);
        }

        for (var round = 0; round < 12; round++)
        {
            _nowMs += MaxDelayMs;
            Round();
        }

        AssertNothingRunsTwice(Seed);
        Assert.Equal(_configured.ToString(), ConnectorsAndTasks.Union(_members.Values).ToString());
        Assert.InRange(_members.Values.Max(member => member.Tasks.Count) - _members.Values.Min(member => member.Tasks.Count), 0, 1);
    }

    private static ConnectorsAndTasks Work(int connectors, int tasks)
    {
        var names = Enumerable.Range(0, connectors).Select(connector => $"c{connector}").ToList();
        return new ConnectorsAndTasks(names, names.SelectMany(name => Enumerable.Range(0, tasks).Select(task => new ConnectorTaskId(name, task))));
    }

    private void AssertNothingRunsTwice(int step)
    {
        var twice = _members.Values.SelectMany(member => member.Tasks).GroupBy(task => task).Where(group => group.Skip(1).Any()).Select(group => group.Key).ToList();
        Assert.True(twice.Count == 0, $"step {step}: {string.Join(", ", twice)} runs twice");
    }

    private void Join(params string[] members)
    {
        foreach (var member in members) _members[member] = ConnectorsAndTasks.Empty;
    }

    private ClusterAssignment Round()
    {
        var assignment = _assignor.Assign(_configured, _generation, ++_generation, _members, _nowMs);
        foreach (var member in _members.Keys.ToList()) _members[member] = _members[member].Without(assignment.Revoked[member]).And(assignment.Added[member]);
        return assignment;
    }
}
