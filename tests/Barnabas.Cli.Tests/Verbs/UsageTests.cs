using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

/// <summary>
/// What Apache Kafka 4.3.1 prints with --help (its first paragraph, the usage), without arguments and with one that is not known, for the tools that it
/// parses with argparse4j. The golden file has what it printed.
/// </summary>
public sealed class UsageTests
{
    private static readonly Dictionary<string, string[]> Golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "usage", "usages.txt"))
        .Split("=== ", StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('\n', 2))
        .ToDictionary(part => part[0], part => part[1].Split(["rc ", "\n--out\n", "\n--err\n"], StringSplitOptions.None)[1..], StringComparer.Ordinal);

    public static TheoryData<string> Calls() => new(Golden.Keys);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Usage_errors_and_status_are_Kafkas(string call)
    {
        var words = call.Split(' ');
        var run = await VerbRun.RunAsync(words);
        string[] answer = [$"{run.Status}", run.Out.Split("\n\n")[0].TrimEnd('\n'), run.Error];
        Assert.Equal(Golden[call].Select(text => text.TrimEnd('\n')), answer.Select(text => text.TrimEnd('\n')));
    }
}
