using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

/// <summary>Every tool that lists or describes takes --json, and completion knows every verb, command and option.</summary>
public sealed partial class JsonEverywhereTests
{
    public static TheoryData<string> Scripts() => new(VerbCatalog.Entries.Where(entry => entry.Script is not null).Select(entry => entry.Script!));

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task What_lists_or_describes_takes_json(string script)
    {
        var help = await HelpAsync(script);
        if (Listing().IsMatch(help))
            Assert.Contains("--json", help, StringComparison.Ordinal);
        foreach (var command in Commands(help).Where(command => command.StartsWith("list", StringComparison.Ordinal) || command.StartsWith("describe", StringComparison.Ordinal)))
            Assert.Contains("--json", await HelpAsync(script, command), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Completion_knows_the_commands_and_options_of_every_tool(string script)
    {
        var help = await HelpAsync(script);
        Assert.Equal(Options(help).Concat(Commands(help)).Distinct().Order(StringComparer.Ordinal), await WordsAsync(script, ""));
        foreach (var command in Commands(help))
            Assert.Equal(Options(await HelpAsync(script, command)).Distinct().Order(StringComparer.Ordinal), await WordsAsync(script, command, ""));
    }

    [Fact]
    public async Task Completion_knows_every_verb() =>
        Assert.Equal(VerbCatalog.Entries.Select(entry => entry.Name), await WordsAsync(""));

    private static async Task<string> HelpAsync(params string[] call)
    {
        var run = await VerbRun.RunAsync([.. call, "--help"]);
        return run.Out + run.Error;
    }

    private static async Task<string[]> WordsAsync(params string[] words) =>
        (await VerbRun.RunAsync(["completion", "words", .. words])).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Commands(string help) =>
        CommandList().Match(help) is { Success: true } found ? found.Groups[1].Value.Split(',') : [];

    private static IEnumerable<string> Options(string help) => Option().Matches(help).Select(match => match.Value);

    [GeneratedRegex(@"^\s*--(list|describe)\b(?!-)", RegexOptions.Multiline)]
    private static partial Regex Listing();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9.-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"\{([a-z-]+(?:,[a-z-]+)*)\}")]
    private static partial Regex CommandList();
}
