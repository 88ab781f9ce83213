using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Quorum;

/// <summary>kafka-metadata-quorum describe.</summary>
internal static class QuorumDescriber
{
    public static async Task PrintStatusAsync(VerbContext context, AdminClient admin)
    {
        var clusterId = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).ClusterId;
        var quorum = await admin.DescribeMetadataQuorumAsync(cancellationToken: context.Stop);
        var leader = LeaderOf(quorum);
        var furthest = quorum.Voters.Where(voter => voter.ReplicaId != quorum.LeaderId).Concat(quorum.Observers).ToList();
        var lag = furthest.Count == 0 ? 0 : leader.LogEndOffset - furthest.Min(replica => replica.LogEndOffset);
        var lagMs = furthest.Count == 0 ? 0
            : furthest.Min(replica => replica.LastCaughtUpTimestamp) is { } slowest && leader.LastCaughtUpTimestamp is { } now ? now - slowest : -1;
        if (context.Listing is { } listing)
        {
            listing.Add(
                ["clusterId", "leaderId", "leaderEpoch", "highWatermark", "maxFollowerLag", "maxFollowerLagTimeMs", "currentVoters", "currentObservers"],
                [
                    clusterId, $"{quorum.LeaderId}", $"{quorum.LeaderEpoch}", $"{quorum.HighWatermark}", $"{lag}", $"{lagMs}",
                    Replicas(quorum, quorum.Voters), Replicas(quorum, quorum.Observers),
                ]);
            return;
        }

        context.Out.WriteLine(
            $"""
            ClusterId:              {clusterId}
            LeaderId:               {quorum.LeaderId}
            LeaderEpoch:            {quorum.LeaderEpoch}
            HighWatermark:          {quorum.HighWatermark}
            MaxFollowerLag:         {lag}
            MaxFollowerLagTimeMs:   {lagMs}
            CurrentVoters:          {Replicas(quorum, quorum.Voters)}
            CurrentObservers:       {Replicas(quorum, quorum.Observers)}
            """);
    }

    public static async Task PrintReplicationAsync(VerbContext context, AdminClient admin, bool humanReadable)
    {
        var quorum = await admin.DescribeMetadataQuorumAsync(cancellationToken: context.Stop);
        var leader = LeaderOf(quorum);
        var now = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        string Time(long? timestamp) => timestamp is not { } at ? "-1"
            : humanReadable ? $"{now - at} ms ago" : at.ToString(CultureInfo.InvariantCulture);
        List<string[]> rows = [["NodeId", "DirectoryId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp", "Status"]];
        void Add(IEnumerable<QuorumReplica> replicas, string status) => rows.AddRange(replicas.Select(replica => new[]
        {
            replica.ReplicaId.ToString(CultureInfo.InvariantCulture),
            replica.DirectoryId.ToString(),
            replica.LogEndOffset.ToString(CultureInfo.InvariantCulture),
            (leader.LogEndOffset - replica.LogEndOffset).ToString(CultureInfo.InvariantCulture),
            Time(replica.LastFetchTimestamp),
            Time(replica.LastCaughtUpTimestamp),
            status,
        }));
        Add([leader], "Leader");
        Add(quorum.Voters.Where(voter => voter.ReplicaId != quorum.LeaderId), "Follower");
        Add(quorum.Observers, "Observer");
        if (context.Listing is { } listing)
        {
            foreach (var row in rows.Skip(1))
                listing.Add(rows[0], row);
            return;
        }

        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            context.Out.WriteLine(string.Concat(row.Select((cell, column) => cell.PadRight(widths[column]) + "\t")));
    }

    private static QuorumReplica LeaderOf(QuorumDescription quorum) =>
        quorum.Voters.FirstOrDefault(voter => voter.ReplicaId == quorum.LeaderId) ?? throw new VerbException("The quorum has no leader.");

    private static string Replicas(QuorumDescription quorum, IEnumerable<QuorumReplica> replicas) =>
        "[" + string.Join(", ", replicas.Select(replica =>
        {
            var directory = replica.DirectoryId == Uuid.Zero ? "null" : $"\"{replica.DirectoryId}\"";
            var endpoints = quorum.Endpoints.TryGetValue(replica.ReplicaId, out var known) && known.Count > 0
                ? $", \"endpoints\": [{string.Join(", ", known.Select(endpoint => $"\"{endpoint.Listener}://{endpoint.Host}:{endpoint.Port}\""))}]"
                : "";
            return $"{{\"id\": {replica.ReplicaId}, \"directoryId\": {directory}{endpoints}}}";
        })) + "]";
}
