using System.Text.Json;

namespace Barnabas.Interop.Tests;

/// <summary>The bench runs from end to end on both brokers with very little load: it does not rot. How fast anything is does not matter here.</summary>
[Collection(Alone.Name)]
public sealed class BenchSmokeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_quick_bench_gives_every_figure_and_every_record_arrives()
    {
        Distribution.ApacheKafka();
        var results = Directory.CreateTempSubdirectory("barnabas-bench-smoke.").FullName;
        try
        {
            // A row checks by itself that every record arrived: the exit code and the failures tell.
            var run = await Command.RunAsync(
                Path.Combine(Distribution.Barnabas.Home, "bench", "compare.sh"),
                [
                    "--quick", "--rounds", "1", "--work", Path.GetTempPath(), "--results", results,
                    "--rows", "^(produce/kbench/1024B/6p/all/none|consume/kbench/1024B/.*|latency/kbench/1000|fsync/50|client/produce/1024B)$",
                ],
                environment: new Dictionary<string, string> { ["BARNABAS_PEERS"] = Peers.Folder() },
                patience: Patience);
            run.EnsureSuccess();
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(results, "quick.json"), TestContext.Current.CancellationToken));
            Assert.Equal(0, json.RootElement.GetProperty("failures").GetArrayLength());
            var figures = json.RootElement.GetProperty("figures").EnumerateArray().ToList();
            Assert.True(figures.Count > 10, $"{figures.Count} figures");
            foreach (var figure in figures)
            {
                var name = $"{figure.GetProperty("row").GetString()} {figure.GetProperty("figure").GetString()}";
                foreach (var side in (string[])["barnabas", "kafka"])
                    Assert.True(figure.GetProperty(side).GetProperty("samples").GetArrayLength() == 1, $"{name} has no figure for {side}");
            }
            foreach (var limit in json.RootElement.GetProperty("limits").EnumerateObject())
                Assert.True(limit.Value.GetDouble() > 0, $"{limit.Name} is {limit.Value}");
            Assert.Contains("](quick-produce.svg)", await File.ReadAllTextAsync(Path.Combine(results, "quick.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(results, "quick-produce.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }
}
