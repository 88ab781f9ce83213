using System.Text.RegularExpressions;

namespace Barnabas.Architecture.Tests;

/// <summary>Habits of the code that a compiler does not hold.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 1000;

    [Fact]
    public void No_source_file_has_a_thousand_lines() =>
        Assert.DoesNotContain(Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests")), file => File.ReadLines(file).Count() >= LongestFile);

    [Fact]
    public void Nothing_finished_is_marked_unfinished() =>
        Assert.Empty(Offending("src", Unfinished()));

    [Fact]
    public void No_exception_is_swallowed_without_a_word() =>
        Assert.Empty(Offending("src", EmptyCatch()));

    [Fact]
    public void Tests_wait_for_conditions_and_do_not_sleep() =>
        Assert.Empty(Offending("tests", Sleep()));

    private static IEnumerable<string> Offending(string folder, Regex pattern) =>
        from file in Repository.SourceFiles(folder)
        where !file.EndsWith(nameof(SourceTests) + ".cs", StringComparison.Ordinal)
        let match = pattern.Match(File.ReadAllText(file))
        where match.Success
        select $"{Path.GetRelativePath(Repository.Root, file)}: {match.Value.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"Thread\.Sleep\(")]
    private static partial Regex Sleep();
}
