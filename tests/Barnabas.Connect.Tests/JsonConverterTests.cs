using System.Text;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Tests;

/// <summary>Records one after the other through one converter, which remembers how the last began.</summary>
public sealed class JsonConverterTests
{
    private const string SchemaText = """{"type":"struct","fields":[{"type":"int32","optional":false,"field":"a"},{"type":"string","optional":true,"default":"none","field":"b"}],"optional":true}""";

    private readonly JsonConverter _converter = new();

    public JsonConverterTests() => _converter.Configure(new Dictionary<string, string>(), isKey: false);

    [Theory]
    [InlineData("""{"a":2,"b":"x"}""", "Struct{a=2,b=x}")]
    [InlineData("""{"b":"x","a":2}""", "Struct{a=2,b=x}")]
    [InlineData("""{"a":2}""", "Struct{a=2}")]
    [InlineData("""{"a":2,"b":null}""", "Struct{a=2,b=none}")]
    [InlineData("""{"a":2,"b":"x","c":3}""", "Struct{a=2,b=x}")]
    [InlineData("""{ "a" : 2 , "b" : "\u0078" }""", "Struct{a=2,b=x}")]
    [InlineData("null", null)]
    public void A_payload_is_read_the_same_after_a_record_of_its_schema_as_before(string payload, string? expected)
    {
        var first = Read(Record(payload));
        _ = Read(Record("""{"a":1,"b":"y"}"""));
        var second = Read(Record(payload));
        Assert.Equal(first.Value?.ToString(), second.Value?.ToString());
        Assert.Equal(first.Schema, second.Schema);
        Assert.StartsWith(expected?[..^1] ?? "", second.Value?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schema":SCHEMA,"payload":{"a":2},"more":{}}""")]
    [InlineData("""{"schema":SCHEMA,"payload":{"a":2}}}""")]
    [InlineData("""{"schema":SCHEMA,"payload":}""")]
    [InlineData("""{"schema":SCHEMA,"payload":{"b":"x"}}""")]
    [InlineData("""{"schema":SCHEMA,"payload":{"a":"x"}}""")]
    [InlineData("""{"schema":SCHEMA,"payload":[]}""")]
    public void What_is_no_record_is_refused_with_the_same_words_after_one_that_is(string record)
    {
        record = record.Replace("SCHEMA", SchemaText, StringComparison.Ordinal);
        var first = Assert.Throws<DataException>(() => Read(record));
        _ = Read(Record("""{"a":1}"""));
        Assert.Equal(first.Message, Assert.Throws<DataException>(() => Read(record)).Message);
    }

    [Fact]
    public void Records_of_two_schemas_in_turn_keep_their_own()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Schema.Int64, Read("""{"schema":{"type":"int64","optional":false},"payload":1}""").Schema);
            Assert.Equal(Schema.Int32, Read("""{"schema":{"type":"int32","optional":false},"payload":1}""").Schema);
            Assert.Equal("plain", Read("""{"schema":{"type":"string","optional":false},"payload":"plain"}""").Value);
        }
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9E-4")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(9999999.999999, "9999999.999999")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-142.85714285714286, "-142.85714285714286")]
    [InlineData(100.0, "100.0")]
    [InlineData(double.NaN, "\"NaN\"")]
    public void Doubles_are_written_as_Java_writes_them(double value, string expected) => Assert.Equal(expected, Written(value));

    [Theory]
    [InlineData(0.001f, "0.001")]
    [InlineData(0.1f, "0.1")]
    [InlineData(9999999f, "9999999.0")]
    [InlineData(1e7f, "1.0E7")]
    [InlineData(-3f, "-3.0")]
    public void Floats_are_written_as_Java_writes_them(float value, string expected) => Assert.Equal(expected, Written(value));

    private static string Record(string payload) => $$"""{"schema":{{SchemaText}},"payload":{{payload}}}""";

    private static string Written(object value) => Encoding.UTF8.GetString(JsonConverter.WithoutSchemas().FromConnectData("t", ConnectHeaders.Empty, null, value)!);

    private SchemaAndValue Read(string json) => _converter.ToConnectData("t", ConnectHeaders.Empty, Encoding.UTF8.GetBytes(json));
}
