using System.Collections.Immutable;
using System.Globalization;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Raft.Quorum;

/// <summary>Where a voter listens.</summary>
/// <param name="Listener">The listener name.</param>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
public sealed record VoterEndpoint(string Listener, string Host, int Port);

/// <summary>A member of the quorum.</summary>
/// <param name="Key">Node id and directory.</param>
/// <param name="Endpoints">Where it listens.</param>
/// <param name="MinKRaftVersion">The lowest kraft.version it supports.</param>
/// <param name="MaxKRaftVersion">The highest kraft.version it supports.</param>
public sealed record Voter(ReplicaKey Key, IReadOnlyList<VoterEndpoint> Endpoints, short MinKRaftVersion, short MaxKRaftVersion);

/// <summary>The voters of the quorum (KIP-853). Immutable.</summary>
public sealed class VoterSet
{
    private VoterSet(ImmutableSortedDictionary<int, Voter> voters) => Voters = voters;

    /// <summary>No voters.</summary>
    public static VoterSet Empty { get; } = new(ImmutableSortedDictionary<int, Voter>.Empty);

    /// <summary>The voters by node id.</summary>
    public ImmutableSortedDictionary<int, Voter> Voters { get; }

    /// <summary>A set of the given voters.</summary>
    /// <exception cref="ArgumentException">Two voters have the same node id.</exception>
    public static VoterSet Of(params IEnumerable<Voter> voters) => new(voters.ToImmutableSortedDictionary(v => v.Key.Id, v => v));

    /// <summary>Reads <c>controller.quorum.voters</c>: <c>1@host:9093,2@other:9093</c>.</summary>
    /// <exception cref="RaftConfigurationException">The text does not have that form.</exception>
    public static VoterSet ParseStatic(string text, string listener)
    {
        var voters = ImmutableSortedDictionary.CreateBuilder<int, Voter>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            var colon = entry.LastIndexOf(':');
            if (at <= 0 || colon <= at + 1 ||
                !int.TryParse(entry[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ||
                !int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                throw new RaftConfigurationException(
                    $"Invalid configuration value for 'controller.quorum.voters': '{entry}' is not {{id}}@{{host}}:{{port}}.");
            }
            var host = entry[(at + 1)..colon].Trim('[', ']');
            voters[id] = new Voter(new ReplicaKey(id, Uuid.Zero), [new VoterEndpoint(listener, host, port)], 0, 0);
        }
        return new VoterSet(voters.ToImmutable());
    }

    /// <summary>Reads the control record that holds a voter set.</summary>
    public static VoterSet From(VotersRecord record) => Of(record.Voters.Select(v => new Voter(
        new ReplicaKey(v.VoterId, v.VoterDirectoryId),
        [.. v.Endpoints.Select(e => new VoterEndpoint(e.Name, e.Host, e.Port))],
        v.KRaftVersionFeature.MinSupportedVersion,
        v.KRaftVersionFeature.MaxSupportedVersion)));

    /// <summary>The control record that holds this voter set.</summary>
    public VotersRecord ToRecord()
    {
        var record = new VotersRecord { Version = 0 };
        foreach (var voter in Voters.Values)
        {
            var entry = new VotersRecord.Voter
            {
                VoterId = voter.Key.Id,
                VoterDirectoryId = voter.Key.DirectoryId,
                KRaftVersionFeature = new VotersRecord.KRaftVersionFeature
                {
                    MinSupportedVersion = voter.MinKRaftVersion,
                    MaxSupportedVersion = voter.MaxKRaftVersion,
                },
            };
            foreach (var endpoint in voter.Endpoints)
            {
                entry.Endpoints.Add(new VotersRecord.Endpoint
                {
                    Name = endpoint.Listener,
                    Host = endpoint.Host,
                    Port = (ushort)endpoint.Port,
                });
            }
            record.Voters.Add(entry);
        }
        return record;
    }

    /// <summary>This set with a voter in the place of the one that has its id.</summary>
    /// <exception cref="ArgumentException">There is no such voter.</exception>
    public VoterSet With(Voter voter) => Voters.ContainsKey(voter.Key.Id)
        ? new VoterSet(Voters.SetItem(voter.Key.Id, voter))
        : throw new ArgumentException($"Node {voter.Key.Id} is no voter.", nameof(voter));

    /// <summary>True when the replica is a voter; an unknown directory on either side matches any.</summary>
    public bool IsVoter(ReplicaKey replica) =>
        Voters.TryGetValue(replica.Id, out var voter) &&
        (voter.Key.DirectoryId == Uuid.Zero || replica.DirectoryId == Uuid.Zero || voter.Key.DirectoryId == replica.DirectoryId);

    /// <summary>True when the replica is the one and only voter.</summary>
    public bool IsOnlyVoter(ReplicaKey replica) => Voters.Count == 1 && IsVoter(replica);
}
