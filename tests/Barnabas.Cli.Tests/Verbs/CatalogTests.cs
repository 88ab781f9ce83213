using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class CatalogTests
{
    public static TheoryData<string> Scripts() => new(VerbCatalog.Entries.Where(entry => entry.Script is not null).Select(entry => entry.Script!));

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_tool_prints_its_usage(string script)
    {
        var run = await VerbRun.RunAsync(script, "--help");
        Assert.Matches("(?i)usage|option", run.Out + run.Error);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_tool_refuses_nonsense_in_one_line_after_its_usage(string script)
    {
        var run = await VerbRun.RunAsync(script, "--no-such-flag");
        Assert.NotEqual(0, run.Status);
        // Those that Apache Kafka parses with argparse4j show their usage first.
        Assert.True(run.Error.StartsWith("usage: ", StringComparison.Ordinal) || run.Error.Count(letter => letter == '\n') == 1, run.Error);
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_verb_is_named() =>
        Assert.Equal("barnabas: there is no verb nope; barnabas --help lists them\n", (await VerbRun.RunAsync("nope")).Error);

    [Fact]
    public async Task The_help_lists_every_verb()
    {
        var help = (await VerbRun.RunAsync("--help")).Out;
        Assert.All(VerbCatalog.Entries, entry => Assert.Contains($"  {entry.Name} ", help, StringComparison.Ordinal));
    }
}
