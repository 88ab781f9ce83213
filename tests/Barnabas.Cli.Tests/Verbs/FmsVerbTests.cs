using Barnabas.Cli.Tests.Support;
using Barnabas.Cli.Verbs.Fms;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class FmsVerbTests
{
    public static TheoryData<string> Commands() => new(FmsVerb.Names);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_shows_how_it_is_used(string command)
    {
        var run = await VerbRun.RunAsync("fms", command, "--help");
        Assert.StartsWith($"usage: barnabas fms {command} ", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_refuses_nonsense_in_one_line(string command)
    {
        foreach (var nonsense in (string[])["--no-such-flag", "word"])
        {
            var run = await VerbRun.RunAsync("fms", command, nonsense);
            Assert.Equal((1, 1), (run.Status, run.Error.Count(letter => letter == '\n')));
            Assert.Contains(nonsense.TrimStart('-'), run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("barnabas fms: there is no nope; barnabas fms --help lists what there is", "fms", "nope")]
    [InlineData("barnabas demo: there is no nope; there is fms", "demo", "nope")]
    [InlineData("Invalid value for --window: it must be from 1 to 10000.", "fms", "analyser", "--window", "0")]
    [InlineData("Invalid value for --sensor-threshold: hot is no number", "fms", "analyser", "--sensor-threshold", "hot")]
    [InlineData("Invalid value for --fault: fire; it must be failing=DEVICE, slow=MS, errors or down", "fms", "simulator", "--fault", "fire")]
    [InlineData("Invalid value for --sensors: /no/such/folder (No such directory)", "fms", "simulator", "--sensors", "/no/such/folder")]
    [InlineData("Missing required argument \"[keyword]\"", "fms", "filter", "--output", "x")]
    [InlineData("--input and --output are the same topic: records would go round for ever", "fms", "filter", "--keyword", "x", "--input", "a", "--output", "a")]
    [InlineData("Invalid value for --database: it must begin with jdbc:postgresql: or jdbc:sqlite:", "demo", "fms", "--database", "mysql")]
    public async Task A_mistake_is_told_in_one_line(string expected, params string[] arguments)
    {
        var run = await VerbRun.RunAsync(arguments);
        Assert.Equal((1, expected + "\n"), (run.Status, run.Error));
    }

    [Theory]
    [InlineData("analyser", "fms", "an")]
    [InlineData("--window", "fms", "analyser", "--win")]
    [InlineData("fms", "demo", "")]
    [InlineData("--for", "demo", "fms", "--fo")]
    public async Task Commands_and_their_options_are_completed(string expected, params string[] words) =>
        Assert.Equal(expected, (await VerbRun.RunAsync(["completion", "words", .. words])).Out.Split('\n')[0]);
}
