using FsCheck;
using FsCheck.Fluent;

namespace Barnabas.Configuration.Tests;

public sealed class PropertiesFileTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("  a : b ", "a", "b ")]
    [InlineData("a b", "a", "b")]
    [InlineData("a", "a", "")]
    [InlineData("a\\=b=c=d", "a=b", "c=d")]
    [InlineData("a=b\\\n   c", "a", "bc")]
    [InlineData("a=b\\\\\nx=y", "a", "b\\")]
    [InlineData("a=\\u0041\\t\\n\\q", "a", "A\t\nq")]
    [InlineData("a=1\na=2", "a", "2")]
    [InlineData("a=b\r\n", "a", "b")]
    [InlineData("a=#b", "a", "#b")]
    [InlineData("key\\ with\\ spaces = v", "key with spaces", "v")]
    [InlineData("a=\\", "a", "")]
    public void A_line_is_read_as_Java_reads_it(string text, string key, string value) =>
        Assert.Equal(value, PropertiesFile.Parse(text)[key]);

    [Fact]
    public void Comments_and_empty_lines_are_left_out() =>
        Assert.Equal(["a"], PropertiesFile.Parse("# x\n! y\n\n   \n  # z\na=b\n").Keys);

    [Fact]
    public void A_malformed_unicode_escape_is_refused() =>
        Assert.Equal("Malformed \\uxxxx encoding.", Assert.Throws<ConfigException>(() => PropertiesFile.Parse("a=\\u00g0")).Message);

    [Fact]
    public void What_is_escaped_comes_back() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((key, value) =>
        {
            static string Escape(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));
            var read = PropertiesFile.Parse($"k{Escape(key.Get)}={Escape(value.Get)}");
            return read["k" + key.Get] == value.Get;
        }).QuickCheckThrowOnFailure();
}
