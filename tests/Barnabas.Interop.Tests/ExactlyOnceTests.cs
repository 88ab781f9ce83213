using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>
/// Consume, transform, produce in transactions while node and worker are killed (kill -9) at chance moments: counted, nothing lost,
/// nothing twice. BARNABAS_EXACTLY_ONCE_KILLS asks for a longer run, BARNABAS_SEED for the same chances again.
/// </summary>
[Collection(Alone.Name)]
public sealed class ExactlyOnceTests
{
    private const int DefaultKills = 5;
    private const int RecordsPerKill = 1000;
    private const int MostTransactionsBetweenKills = 6;
    private const int MostMillisecondsBetweenKills = 60;
    private const int MostFruitlessStarts = 20;
    private const string Source = "source";
    private const string Target = "target";
    private const string Kcat = "/usr/bin/kcat";

    private static readonly int Kills = FromEnvironment("BARNABAS_EXACTLY_ONCE_KILLS", DefaultKills);

    [Theory]
    [InlineData("barnabas")]
    [InlineData("confluent-kafka")]
    [InlineData("java")]
    public async Task Nothing_is_lost_and_nothing_comes_twice_though_node_and_worker_are_killed(string client)
    {
        Assert.SkipUnless(File.Exists(Kcat), $"counts with kcat, which is not installed: no {Kcat}");
        Assert.SkipWhen(client == "java" && Kills == DefaultKills, "takes long: runs when BARNABAS_EXACTLY_ONCE_KILLS asks for more kills");
        var seed = FromEnvironment("BARNABAS_SEED", new Random().Next());
        TestContext.Current.TestOutputHelper!.WriteLine($"BARNABAS_SEED={seed} BARNABAS_EXACTLY_ONCE_KILLS={Kills}");
        var random = new Random(seed);
        // Small segments, that restarts find many; few partitions, that starts are fast.
        using var folder = new DataFolder("num.partitions=3", "offsets.topic.num.partitions=3", "transaction.state.log.num.partitions=3", "log.segment.bytes=1048576");
        var workers = ExactlyOnceWorkers.Of(client);
        var server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
        try
        {
            foreach (var topic in (string[])[Source, Target])
                (await Distribution.Barnabas.RunAsync("kafka-topics", "--bootstrap-server", server.Bootstrap, "--create", "--topic", topic, "--partitions", "3")).EnsureSuccess();
            var records = Math.Max(Kills, DefaultKills) * RecordsPerKill;
            await FillAsync(server, 0, records);
            var (kills, fruitless) = (0, 0);
            while (true)
            {
                using var worker = workers.Start(server.Bootstrap, Source, Target);
                fruitless++;
                while (!worker.IsKilled && kills < Kills && await worker.WaitForTransactionsAsync(random.Next(1, MostTransactionsBetweenKills)))
                {
                    fruitless = 0;
                    // In the middle of whatever is under way.
                    await Task.Delay(random.Next(MostMillisecondsBetweenKills), TestContext.Current.CancellationToken);
                    var victim = random.Next(5);
                    if (victim is 0 or 1 or 2)
                        await server.KillAsync();
                    if (victim is 2 or 3 or 4)
                        worker.Kill();
                    if (victim is 0 or 1 or 2)
                    {
                        await server.DisposeAsync();
                        server = await ServerProcess.StartAsync(Distribution.Barnabas, folder);
                    }

                    kills++;
                }

                if (!await worker.WaitForEndAsync())
                {
                    Assert.True(fruitless < MostFruitlessStarts, $"the worker ends before its first transaction, again and again (seed {seed}): {worker.Errors()}");
                    continue;
                }

                if (kills >= Kills)
                    break;
                // A fast machine is through before all kills: there is more to do.
                await FillAsync(server, records, RecordsPerKill);
                records += RecordsPerKill;
            }

            await AssertExactlyOnceAsync(server, records, seed);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task FillAsync(ServerProcess server, int first, int count)
    {
        var lines = string.Concat(Enumerable.Range(first, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}\t{i}\n")));
        (await Command.RunAsync(
            Distribution.Barnabas.Tool("kafka-console-producer"),
            ["--bootstrap-server", server.Bootstrap, "--topic", Source, "--reader-property", "parse.key=true"], input: lines)).EnsureSuccess();
    }

    private static async Task AssertExactlyOnceAsync(ServerProcess server, int records, int seed)
    {
        // Ends at the last stable offset: what a transaction that never ended holds back counts as lost.
        var read = (await Command.RunAsync(
            Kcat, ["-b", server.Bootstrap, "-C", "-t", Target, "-o", "beginning", "-e", "-q", "-X", "isolation.level=read_committed"])).EnsureSuccess();
        var counts = read.Lines.GroupBy(static line => line).ToDictionary(static line => line.Key, static line => line.Count());
        var expected = Enumerable.Range(0, records).Select(static i => string.Create(CultureInfo.InvariantCulture, $"done {i}")).ToHashSet();
        var open = await Distribution.Barnabas.RunAsync("kafka-transactions", "--bootstrap-server", server.Bootstrap, "list");
        var lost = expected.Where(line => !counts.ContainsKey(line)).ToList();
        var twice = counts.Where(static count => count.Value > 1).ToList();
        Assert.True(
            lost.Count == 0 && twice.Count == 0 && counts.Count == records,
            $"seed {seed}: {lost.Count} lost ({string.Join(", ", lost.Take(5))}), {twice.Count} twice ({string.Join(", ", twice.Take(5))}), {counts.Count} of {records} different rows\n{open.Output}");
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
