using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Verbs.ConsoleProducer;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class LineRecordReaderTests
{
    [Theory]
    [InlineData("", "value", "- | <null> | value")]
    [InlineData("parse.key=true", "k\tv", "- | k | v")]
    [InlineData("parse.key=true", "k\tv\tw", "- | k | v\tw")]
    [InlineData("parse.key=true;key.separator=::", "k::v", "- | k | v")]
    [InlineData("parse.key=TRUE;ignore.error=true", "v", "- | <null> | v")]
    [InlineData("parse.headers=true", "a:1,b:2\tv", "a=1,b=2 | <null> | v")]
    [InlineData("parse.headers=true;parse.key=true", "a:1,b:\tk\tv", "a=1,b= | k | v")]
    [InlineData("parse.headers=true;parse.key=true;null.marker=NULL", "NULL\tNULL\tNULL", "- | <null> | <null>")]
    [InlineData("parse.headers=true;null.marker=NULL", "a:NULL\tv", "a=<null> | <null> | v")]
    [InlineData("parse.headers=true;headers.separator=;headers.delimiter=!;headers.key.separator=-;", "a-1!v", "a=1 | <null> | v")]
    [InlineData("parse.headers=true;ignore.error=true", "a\tv", "a=<null> | <null> | v")]
    [InlineData("parse.headers=true", "a:1,,\tv", "a=1 | <null> | v")]
    public void A_line_holds_headers_key_and_value(string properties, string line, string expected)
    {
        if (properties.Contains("headers.separator=;", StringComparison.Ordinal))
            properties = properties.Replace("headers.separator=;", "", StringComparison.Ordinal).TrimEnd(';');
        Assert.Equal(expected, Show(new LineRecordReader(Parse(properties)).Read(Encoding.UTF8.GetBytes(line))));
    }

    [Theory]
    [InlineData("parse.key=true", "no key", "No key separator found on line number 1: 'no key'")]
    [InlineData("parse.headers=true", "no headers", "No headers delimiter found on line number 1: 'no headers'")]
    [InlineData("parse.headers=true", "a\tv", "No header key separator found in pair 'a' on line number 1")]
    [InlineData("parse.headers=true;null.marker=N", "N:1\tv", "Header keys should not be equal to the null marker 'N' as they can't be null")]
    public void What_is_missing_is_told_with_the_line(string properties, string line, string expected) =>
        Assert.Equal(expected, Assert.Throws<VerbException>(() => new LineRecordReader(Parse(properties)).Read(Encoding.UTF8.GetBytes(line))).Message);

    [Theory]
    [InlineData("headers.delimiter=,", "headers.delimiter and headers.separator may not be equal")]
    [InlineData("headers.delimiter=:", "headers.delimiter and headers.key.separator may not be equal")]
    [InlineData("headers.separator=:", "headers.separator and headers.key.separator may not be equal")]
    [InlineData("null.marker=:", "null.marker and headers.key.separator may not be equal")]
    [InlineData("null.marker=,", "null.marker and headers.separator may not be equal")]
    public void Separators_differ_from_each_other(string properties, string expected) =>
        Assert.Equal(expected, Assert.Throws<VerbException>(() => new LineRecordReader(Parse(properties))).Message);

    private static Dictionary<string, string> Parse(string properties) => properties.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string Show(LineRecord record)
    {
        var headers = record.Headers is null ? "-" : string.Join(',', record.Headers.Select(header => $"{header.Key}={Show(header.Value)}"));
        return $"{headers} | {Show(record.Key)} | {Show(record.Value)}";
    }

    private static string Show(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? Encoding.UTF8.GetString(present.Span) : "<null>";
}
