using System.Text;
using Barnabas.Fms.Filtering;

namespace Barnabas.Fms.Tests;

public sealed class KeywordFilterTests
{
    [Theory]
    [InlineData("all is CRITICAL here", true)]
    [InlineData("CRITICAL", true)]
    [InlineData("critical", false)]
    [InlineData("CRITICA", false)]
    [InlineData("", false)]
    [InlineData("a warning", true)]
    public void A_record_with_one_of_the_keywords_goes_through(string value, bool expected) =>
        Assert.Equal(expected, new KeywordFilter(["CRITICAL", "warn"], ignoresCase: false).Matches(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("it is CriTical", true)]
    [InlineData("ccritical", true)]
    [InlineData("critica", false)]
    public void Case_counts_only_where_it_is_asked_for(string value, bool expected) =>
        Assert.Equal(expected, new KeywordFilter(["CRITICAL"], ignoresCase: true).Matches(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void Letters_beyond_ASCII_and_signs_are_the_same_or_not()
    {
        var filter = new KeywordFilter(["Größe[1"], ignoresCase: true);
        Assert.True(filter.Matches("die GRößE[1]"u8));
        Assert.False(filter.Matches("die GRößE{1}"u8));
        Assert.False(filter.Matches("die GRÖßE[1]"u8));
    }

    [Fact]
    public void A_filter_without_a_keyword_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new KeywordFilter([], false));
        Assert.Throws<ArgumentException>(() => new KeywordFilter(["a", ""], false));
    }
}
