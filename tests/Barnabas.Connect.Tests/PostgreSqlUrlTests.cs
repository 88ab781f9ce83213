using Barnabas.Connect.Jdbc.Dialects;

namespace Barnabas.Connect.Tests;

/// <summary>What a connection URL becomes for the database's client.</summary>
public sealed class PostgreSqlUrlTests
{
    [Fact]
    public void Kerberos_is_not_asked_for_and_reads_are_large_unless_the_url_says_otherwise()
    {
        var usual = PostgreSqlUrl.ToConnectionString("jdbc:postgresql://db:5433/shop", "u", "p");
        Assert.Contains("Host=db;Port=5433;Database=shop;", usual, StringComparison.Ordinal);
        Assert.Contains("GSS Encryption Mode=Disable", usual, StringComparison.Ordinal);
        Assert.Contains("Read Buffer Size=65536", usual, StringComparison.Ordinal);
        Assert.Contains("GSS Encryption Mode=Require", PostgreSqlUrl.ToConnectionString("jdbc:postgresql://db/shop?gssEncMode=require", "u", "p"), StringComparison.Ordinal);
        Assert.Contains("Read Buffer Size=9000", PostgreSqlUrl.ToConnectionString("Host=db;Read Buffer Size=9000", "u", "p"), StringComparison.Ordinal);
    }
}
