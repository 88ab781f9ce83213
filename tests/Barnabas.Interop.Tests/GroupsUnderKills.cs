using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>
/// One node that is killed (kill -9) again and again while a share group acknowledges, a consumer group of KIP-848 commits and a streams group
/// of KIP-1071 works, all by Apache Kafka's client; what its members were told meanwhile. One run for all tests of a class.
/// </summary>
public sealed class GroupsUnderKills
{
    private const int Groups = 3;
    private const int Kills = 3;
    private const int AcknowledgedBetweenKills = 150;
    private const int MostMillisecondsBeforeKill = 100;
    private Task? _run;

    /// <summary>All lines of the worker in their order.</summary>
    internal List<string> Lines { get; private set; } = [];

    /// <summary>The groups before the first kill, and after each restart.</summary>
    internal List<List<GroupSeen>> Seen { get; } = [];

    internal int Seed { get; } = Environment.GetEnvironmentVariable("BARNABAS_SEED") is { Length: > 0 } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : new Random().Next();

    /// <summary>How many records each group had to go through.</summary>
    internal int Records { get; private set; }

    internal Task RunAsync() => _run ??= RunOnceAsync();

    private async Task RunOnceAsync()
    {
        Distribution.ApacheKafka();
        TestContext.Current.TestOutputHelper!.WriteLine($"BARNABAS_SEED={Seed}");
        var random = new Random(Seed);
        // Few partitions and short intervals, that starts are fast.
        string[] fast = [.. new[] { "share", "consumer", "streams" }.SelectMany(kind => new[] { $"group.{kind}.min.heartbeat.interval.ms=300", $"group.{kind}.heartbeat.interval.ms=300" })];
        using var folder = new DataFolder([
            "offsets.topic.num.partitions=3", "share.coordinator.state.topic.num.partitions=3", "group.streams.initial.rebalance.delay.ms=0", .. fast]);
        var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        try
        {
            using var worker = StartWorker(server.Bootstrap, Path.Combine(folder.Path, "streams"));
            Lines = worker.Lines;
            await WaitForMembersAsync(worker);
            for (var kill = 0; kill < Kills; kill++)
            {
                var acknowledged = 0;
                await worker.WaitForAsync(line => IsAcknowledged(line) && ++acknowledged == AcknowledgedBetweenKills);
                // In the middle of whatever is under way.
                await Task.Delay(random.Next(MostMillisecondsBeforeKill), TestContext.Current.CancellationToken);
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
                Seen.Add(await DescribeAsync(worker));
            }

            await worker.TellAsync("finish");
            await worker.WaitForAsync(static line => line == "finished");
            Records = int.Parse(Assert.Single(Lines, static line => line.StartsWith("produced ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
            Assert.DoesNotContain(Lines, static line => line.StartsWith("unwritten ", StringComparison.Ordinal));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static PrintingProcess StartWorker(string bootstrap, string stateFolder) => new(
        "java", [.. JavaTools.Options.Split(' '), "-cp", Path.Combine(Distribution.ApacheKafka().Home, "libs", "*"),
        Path.Combine(Distribution.Barnabas.Home, "tests", "Barnabas.Interop.Tests", "GroupsWorker.java"), bootstrap, stateFolder]);

    /// <summary>Until all members are there and have what they are to have.</summary>
    private async Task WaitForMembersAsync(PrintingProcess worker)
    {
        List<GroupSeen> groups;
        do
        {
            groups = await DescribeAsync(worker);
        }
        while (groups.Count < Groups || !groups.All(static group => group.State == "Stable" && group.Members.Count == (group.Name == "streamers" ? 1 : 2) && group.Members.Values.All(epoch => epoch == group.Epoch)));
        Seen.Add(groups);
    }

    private static async Task<List<GroupSeen>> DescribeAsync(PrintingProcess worker)
    {
        var begin = worker.Lines.Count;
        await worker.TellAsync("describe");
        await worker.WaitForAsync(static line => line == "described");
        var lines = worker.Lines[begin..].Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return [.. lines.Where(static words => words[0] == "group").Select(words => new GroupSeen(
            words[1],
            words[2],
            Number(words[3]),
            words[4..].Select(static member => member.Split('=')).ToDictionary(static member => member[0], static member => Number(member[1]))))];
    }

    private static bool IsAcknowledged(string line) => line.StartsWith("accepted ", StringComparison.Ordinal) || line.StartsWith("released ", StringComparison.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A group as it was described: its state and epoch, and its members with theirs.</summary>
internal sealed record GroupSeen(string Name, string State, int Epoch, Dictionary<string, int> Members);
