using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

/// <summary>kafka-transactions beside what Apache Kafka 4.3.1's printed for the same calls (golden/transactions).</summary>
public sealed class TransactionsVerbTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const string Separator = "=== ";

    // Apache Kafka's tool has no --json, so its help has no row for it.
    private static readonly Regex JsonRow = new("^  --json .*\n +[^ -].*\n", RegexOptions.Multiline);

    public static TheoryData<string> Calls => [.. Golden.Keys];

    private static Dictionary<string, string> Golden { get; } = Read();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Arguments_are_answered_as_by_Apache_Kafka(string call)
    {
        var run = await VerbRun.RunAsync(["kafka-transactions", .. call.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(Golden[call], JsonRow.Replace($"rc {run.Status}\n--out\n{run.Out}--err\n{run.Error}", "").TrimEnd('\n') + "\n");
    }

    [Theory]
    [InlineData("-v")]
    [InlineData("--version")]
    public async Task The_version_needs_no_server(string option)
    {
        var run = await VerbRun.RunAsync("kafka-transactions", option);
        Assert.Equal(0, run.Status);
        Assert.Matches("^4\\.3\\.1 \\(Barnabas [0-9.]+\\)\n$", run.Out);
    }

    [Fact]
    public async Task What_a_cluster_does_not_know_is_one_line_that_names_it()
    {
        var run = await broker.RunAsync("kafka-transactions", "describe", "--transactional-id", "nobody");
        Assert.Equal(1, run.Status);
        Assert.StartsWith("Failed to describe transaction state of transactional-id `nobody`: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(". Enable debug logging for additional detail.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_transactions_lists_the_header_alone() =>
        Assert.Equal((0, "TransactionalId\tCoordinator\tProducerId\tTransactionState\t\n"), await StatusAndOutAsync("list"));

    [Fact]
    public async Task An_open_transaction_that_is_not_there_cannot_be_aborted()
    {
        await broker.RunAsync("kafka-topics", "--create", "--topic", "nothing-open");
        var run = await broker.RunAsync("kafka-transactions", "abort", "--topic", "nothing-open", "--partition", "0", "--start-offset", "5");
        Assert.Equal((1, "Could not find any open transactions starting at offset 5 on partition nothing-open-0\n"), (run.Status, run.Error));
    }

    private async Task<(int Status, string Out)> StatusAndOutAsync(params string[] arguments)
    {
        var run = await broker.RunAsync("kafka-transactions", arguments);
        return (run.Status, run.Out);
    }

    private static Dictionary<string, string> Read()
    {
        var calls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "transactions", "arguments.txt")).Split("\n" + Separator))
        {
            var text = part.StartsWith(Separator, StringComparison.Ordinal) ? part[Separator.Length..] : part;
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            calls[text[..end]] = text[(end + 1)..].TrimEnd('\n') + "\n";
        }

        return calls;
    }
}
