using System.Text.RegularExpressions;
using Barnabas.Cli.Tests.Support;

namespace Barnabas.Cli.Tests.Verbs;

/// <summary>
/// What Apache Kafka 4.3.1 answers to --help, to no arguments, to an option that is not known and to a word too many, for the tools that it parses with
/// joptsimple: the status, and the first line of the error or, where it prints help, the options (<c>=</c> with a value, <c>?</c> with one that may be left out).
/// </summary>
public sealed partial class OptionToolsTests
{
    private static readonly Dictionary<string, string[]> Golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "usage", "options.txt"))
        .Split("=== ", StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('\n'))
        .ToDictionary(part => part[0], part => part[1..3], StringComparer.Ordinal);

    // Options of our own, and names that former versions of Kafka had.
    private static readonly HashSet<string> Ours = ["--json", "--broker-list= of kafka-console-producer", "--broker-list= of kafka-get-offsets", "--force of kafka-configs"];

    public static TheoryData<string> Calls() => new(Golden.Keys);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Options_errors_and_status_are_Kafkas(string call)
    {
        var words = call.Split(' ');
        var run = await VerbRun.RunAsync(words);
        var answer = HelpHead().IsMatch(run.Error)
            ? "help " + string.Join(' ', Options(run.Error).Where(option => !Ours.Contains(option) && !Ours.Contains($"{option} of {words[0]}")).Order(StringComparer.Ordinal))
            : run.Error.Split('\n')[0];
        string[] got = [$"{run.Status}", answer];
        Assert.Equal(Golden[call], got);
    }

    private static IEnumerable<string> Options(string help) => help.Split('\n')
        .Select(line => OptionLine().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups[1].Value + (match.Groups[2].Value switch { "<" => "=", "[" => "?", _ => "" }));

    [GeneratedRegex(@"^Option( \(\* = required\))? +Description", RegexOptions.Multiline)]
    private static partial Regex HelpHead();

    [GeneratedRegex(@"^(?:\* )? {0,2}(--?[a-zA-Z][\w.-]*)(?: ([<\[]))?")]
    private static partial Regex OptionLine();
}
