using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Raft.Quorum;

namespace Barnabas.Metadata.Tests;

/// <summary>What Apache Kafka 4.3.1 answers with one voter, word for word.</summary>
public sealed class VoterChangeTests
{
    private static readonly Uuid Directory = Uuid.Parse("Xeiq4DPPQti1UGyQXGcSJQ");
    private static readonly QuorumDescription Quorum = new(new(1, 3), 10, [new(new(1, Directory), 10, -1, -1)], [], VoterSet.Empty);

    private readonly ControllerHarness _harness = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void The_only_voter_and_one_that_is_none_cannot_be_removed(int id)
    {
        var answer = VoterChanges.Remove(Quorum, 1, _harness.Options, new RemoveRaftVoterRequest { ClusterId = null, VoterId = id, VoterDirectoryId = Directory });
        Assert.Equal(ErrorCode.VoterNotFound, answer.ErrorCode);
        Assert.Equal(
            $"Cannot remove voter ReplicaKey(id={id}, directoryId=Xeiq4DPPQti1UGyQXGcSJQ) from the set of voters [ReplicaKey(id=1, directoryId=Xeiq4DPPQti1UGyQXGcSJQ)]",
            answer.ErrorMessage);
    }

    [Fact]
    public void Who_is_a_voter_already_cannot_be_added_and_who_does_not_follow_neither()
    {
        var duplicate = VoterChanges.Add(Quorum, 1, _harness.Options, Request(1));
        Assert.Equal(ErrorCode.DuplicateVoter, duplicate.ErrorCode);
        Assert.Equal(
            "The voter id for ReplicaKey(id=1, directoryId=Xeiq4DPPQti1UGyQXGcSJQ) is already part of the set of voters [ReplicaKey(id=1, directoryId=Xeiq4DPPQti1UGyQXGcSJQ)].",
            duplicate.ErrorMessage);
        Assert.Equal(ErrorCode.RequestTimedOut, VoterChanges.Add(Quorum, 1, _harness.Options, Request(7)).ErrorCode);
    }

    [Fact]
    public void Static_voters_are_not_changed()
    {
        var added = VoterChanges.Add(Quorum, 0, _harness.Options, Request(7));
        Assert.Equal((ErrorCode.UnsupportedVersion, "Cluster doesn't support adding voter because the kraft.version feature is 0"), (added.ErrorCode, added.ErrorMessage));
        var removed = VoterChanges.Remove(Quorum, 0, _harness.Options, new RemoveRaftVoterRequest { ClusterId = null, VoterId = 1 });
        Assert.Equal((ErrorCode.UnsupportedVersion, "Cluster doesn't support removing voter because the kraft.version feature is 0"), (removed.ErrorCode, removed.ErrorMessage));
    }

    [Fact]
    public void Requests_for_another_cluster_without_a_voter_or_without_its_listener_are_refused()
    {
        var other = Request(7);
        other.ClusterId = "other";
        Assert.Equal(ErrorCode.InconsistentClusterId, VoterChanges.Add(Quorum, 1, _harness.Options, other).ErrorCode);
        Assert.Equal("Add voter request didn't include a valid voter", VoterChanges.Add(Quorum, 1, _harness.Options, Request(-1)).ErrorMessage);
        var elsewhere = Request(7);
        elsewhere.Listeners[0].Name = "OTHER";
        var answer = VoterChanges.Add(Quorum, 1, _harness.Options, elsewhere);
        Assert.Equal(ErrorCode.InvalidRequest, answer.ErrorCode);
        Assert.Contains("for the default listener ListenerName(", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, VoterChanges.Add(Quorum with { Leader = new(2, 3) }, 1, _harness.Options, Request(7)).ErrorCode);
    }

    private AddRaftVoterRequest Request(int id) => new()
    {
        ClusterId = null,
        VoterId = id,
        VoterDirectoryId = Directory,
        Listeners = [new() { Name = _harness.Options.Config.ControllerListenerNames[0], Host = "localhost", Port = 9093 }],
    };
}
