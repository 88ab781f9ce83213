using System.Diagnostics;
using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>Connect workers as processes: killed under load, and Java's among ours.</summary>
public sealed class ConnectWorkersTests
{
    private const int Sources = 4;
    private const string Kcat = "/usr/bin/kcat";

    // Workers that are gone are missed soon: session.timeout.ms may be less than usual.
    private static readonly string[] Broker = ["num.partitions=1", "group.min.session.timeout.ms=1000"];

    // session.timeout.ms, scheduled.rebalance.max.delay.ms, and room for a rebalance on a busy machine.
    private static readonly TimeSpan LongestTakeover = TimeSpan.FromSeconds(6 + 3 + 40);

    [Fact]
    public async Task Workers_killed_under_load_lose_nothing_and_their_tasks_move()
    {
        const int kills = 2;
        const int linesPerKill = 2_000;
        using var folder = new DataFolder(Broker);
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        var workers = await StartAsync(server, folder, 3);
        try
        {
            for (var source = 0; source < Sources; source++)
                await workers[source % 3].PutAsync($"s{source}", ("connector.class", "FileStreamSource"), ("file", Input(folder, source)), ("topic", "lines"), ("tasks.max", "1"));
            var output = Path.Combine(folder.Path, "out.txt");
            await workers[0].PutAsync("sink", ("connector.class", "FileStreamSink"), ("file", output), ("topics", "lines"), ("tasks.max", "1"));
            await AwaitAllRunAsync(workers);
            var written = 0;
            for (var kill = 0; kill < kills; kill++)
            {
                written = await AppendAsync(folder, written, linesPerKill / 2);
                await workers[0].KillAsync();
                var begin = Stopwatch.GetTimestamp();
                await workers[0].DisposeAsync();
                workers.RemoveAt(0);
                written = await AppendAsync(folder, written, linesPerKill / 2);
                await AwaitAllRunAsync(workers);
                Assert.True(Stopwatch.GetElapsedTime(begin) < LongestTakeover, $"kill {kill}: the tasks ran again after {Stopwatch.GetElapsedTime(begin)}");
                workers.Add(await ConnectWorker.StartAsync(Distribution.Barnabas, server.Bootstrap, folder.Path));
            }

            var expected = Enumerable.Range(0, Sources).SelectMany(source => Enumerable.Range(0, written).Select(line => Line(source, line))).ToHashSet();
            await workers[0].AwaitAsync($"{output} has all {expected.Count} lines", async () => File.Exists(output) && expected.IsSubsetOf(await File.ReadAllLinesAsync(output)));
        }
        finally
        {
            foreach (var worker in workers) await worker.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Java_worker_and_ours_share_the_work_and_take_it_over_from_each_other(bool javaLeads)
    {
        var java = Distribution.ApacheKafka();
        var plugins = $"plugin.path={Directory.GetFiles(Path.Combine(java.Home, "libs"), "connect-file-*.jar").Single()}";
        using var folder = new DataFolder(Broker);
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        await using var first = await ConnectWorker.StartAsync(javaLeads ? java : Distribution.Barnabas, server.Bootstrap, folder.Path, plugins);
        await using var second = await ConnectWorker.StartAsync(javaLeads ? Distribution.Barnabas : java, server.Bootstrap, folder.Path, plugins);
        for (var source = 0; source < Sources; source++)
            await second.PutAsync($"s{source}", ("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector"), ("file", Input(folder, source)), ("topic", "lines"), ("tasks.max", "1"));
        var seen = "";
        foreach (var worker in (ConnectWorker[])[first, second])
        {
            await worker.AwaitAsync("both run half of the connectors and tasks", async () =>
            {
                var owners = await worker.OwnersAsync();
                var now = string.Join(", ", owners.OrderBy(owner => owner.Key).Select(owner => $"{owner.Key} at {owner.Value}"));
                if (now != seen) TestContext.Current.TestOutputHelper!.WriteLine($"{worker.Id} says: {seen = now}");
                return owners.Count == 2 * Sources && owners.Values.Count(owner => owner == first.Id) == Sources && owners.Values.Count(owner => owner == second.Id) == Sources;
            });
        }

        await AppendAsync(folder, 0, 100);
        await first.KillAsync();
        await AwaitAllRunAsync([second]);
        await AppendAsync(folder, 100, 100);
        var output = Path.Combine(folder.Path, "out.txt");
        await second.PutAsync("sink", ("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector"), ("file", output), ("topics", "lines"));
        var expected = Enumerable.Range(0, Sources).SelectMany(source => Enumerable.Range(0, 200).Select(line => Line(source, line))).ToHashSet();
        await second.AwaitAsync($"{output} has all {expected.Count} lines", async () => File.Exists(output) && expected.IsSubsetOf(await File.ReadAllLinesAsync(output)));
    }

    [Fact]
    public async Task A_Java_worker_and_ours_ask_for_a_password_and_pass_on_the_requests_of_those_who_know_it()
    {
        var java = Distribution.ApacheKafka();
        var user = ("ann", "s3cret");
        string[] plugins = [$"plugin.path={Directory.GetFiles(Path.Combine(java.Home, "libs"), "connect-file-*.jar").Single()}"];
        using var folder = new DataFolder(Broker);
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        await using var first = await ConnectWorker.StartAsync(java, server.Bootstrap, folder.Path, user, plugins);
        await using var second = await ConnectWorker.StartAsync(Distribution.Barnabas, server.Bootstrap, folder.Path, user, plugins);

        foreach (var path in (string[])["/", "/connectors", "/admin/loggers"])
            Assert.Equal(await first.AskAsStrangerAsync(path), await second.AskAsStrangerAsync(path));
        Assert.Equal("401 User cannot access the resource.", await second.AskAsStrangerAsync("/connectors"));
        // One of the two leads, and answers what the other was asked.
        await first.PutAsync("by-first", ("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector"), ("file", Input(folder, 0)), ("topic", "lines"));
        await second.PutAsync("by-second", ("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector"), ("file", Input(folder, 1)), ("topic", "lines"));
        await second.AwaitAsync("both connectors and their tasks run", async () => (await second.OwnersAsync()).Count == 4);
    }

    [Fact]
    public async Task Source_tasks_in_transactions_write_each_line_once_though_workers_are_killed()
    {
        Assert.SkipUnless(File.Exists(Kcat), $"counts with kcat, which is not installed: no {Kcat}");
        const int kills = 2;
        const int linesPerKill = 1_000;
        using var folder = new DataFolder([.. Broker, "transaction.state.log.num.partitions=3"]);
        await using var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        var workers = await StartAsync(server, folder, 2, "exactly.once.source.support=enabled");
        try
        {
            for (var source = 0; source < Sources; source++)
            {
                await workers[source % 2].PutAsync(
                    $"s{source}", ("connector.class", "FileStreamSource"), ("file", Input(folder, source)), ("topic", "lines"), ("tasks.max", "1"), ("exactly.once.support", "required"), ("batch.size", "20"));
            }

            await AwaitAllRunAsync(workers);
            var written = 0;
            for (var kill = 0; kill < kills; kill++)
            {
                written = await AppendAsync(folder, written, linesPerKill / 2);
                await workers[0].DisposeAsync();
                workers.RemoveAt(0);
                written = await AppendAsync(folder, written, linesPerKill / 2);
                workers.AddRange(await StartAsync(server, folder, 1, "exactly.once.source.support=enabled"));
                await AwaitAllRunAsync(workers);
            }

            var expected = Enumerable.Range(0, Sources).SelectMany(source => Enumerable.Range(0, written).Select(line => Line(source, line))).ToHashSet();
            List<string> read = [];
            await workers[0].AwaitAsync($"all {expected.Count} lines can be read", async () =>
            {
                read = [.. (await Command.RunAsync(Kcat, ["-b", server.Bootstrap, "-C", "-t", "lines", "-o", "beginning", "-e", "-q", "-X", "isolation.level=read_committed"])).EnsureSuccess().Lines.Where(line => line.Length > 0)];
                return expected.IsSubsetOf(read);
            });
            Assert.Equal(expected.Count, read.Count);
        }
        finally
        {
            foreach (var worker in workers) await worker.DisposeAsync();
        }
    }

    private static async Task<List<ConnectWorker>> StartAsync(ServerProcess server, DataFolder folder, int count, params string[] settings) =>
        [.. await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectWorker.StartAsync(Distribution.Barnabas, server.Bootstrap, folder.Path, settings)))];

    private static string Input(DataFolder folder, int source) => Path.Combine(folder.Path, string.Create(CultureInfo.InvariantCulture, $"in-{source}.txt"));

    private static string Line(int source, int line) => string.Create(CultureInfo.InvariantCulture, $"source {source} line {line}");

    private static async Task<int> AppendAsync(DataFolder folder, int from, int count)
    {
        const int step = 50;
        for (var line = from; line < from + count; line += step)
        {
            for (var source = 0; source < Sources; source++) await File.AppendAllLinesAsync(Input(folder, source), Enumerable.Range(line, Math.Min(step, from + count - line)).Select(number => Line(source, number)));
        }

        return from + count;
    }

    // Everything runs on workers that are there, and all of them know.
    private static async Task AwaitAllRunAsync(IReadOnlyList<ConnectWorker> workers)
    {
        foreach (var worker in workers)
        {
            await worker.AwaitAsync("everything runs on living workers", async () =>
            {
                var owners = await worker.OwnersAsync();
                return owners.Count(owner => owner.Key.Contains('-', StringComparison.Ordinal)) >= Sources && owners.Count % 2 == 0 && owners.Values.All(owner => workers.Any(other => other.Id == owner));
            });
        }
    }
}
