using System.Text;
using System.Text.Json.Nodes;
using Barnabas.Configuration;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Transforms;
using Barnabas.Protocol.Records;

namespace Barnabas.Connect.Tests;

/// <summary>
/// Converters, header values and transforms give what Apache Kafka's own classes gave for the same input:
/// golden/cases.txt, answered once by tests/golden/GoldenConnect.java into golden/answers.txt.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string, string> Cases()
    {
        var cases = System.IO.File.ReadLines(Path.Combine(Folder, "cases.txt")).Where(line => line.Length > 0 && line[0] != '#');
        var data = new TheoryData<string, string>();
        foreach (var (given, answer) in cases.Zip(System.IO.File.ReadLines(Path.Combine(Folder, "answers.txt")))) data.Add(given, answer);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_is_answered_as_by_Apache_Kafka(string given, string expected)
    {
        var cells = given.Split('\t');
        var settings = cells[1] == "-" ? [] : cells[1].Split('|').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var answer = Answer(cells[0], settings, cells[2]);
        if (expected.StartsWith('!'))
            Assert.StartsWith("!", answer, StringComparison.Ordinal);
        else if (settings.ContainsKey("no.schemas"))
            AssertSameWithoutOrder(expected, answer);
        else
            Assert.Equal(expected, answer);
        if (expected.StartsWith("! DataException", StringComparison.Ordinal) && cells[0] == "json" && !expected.Contains("serialization error", StringComparison.Ordinal))
            Assert.Equal(expected, answer);
    }

    private static string Answer(string kind, Dictionary<string, string> settings, string input)
    {
        try
        {
            return kind switch
            {
                "json" => Json(settings, input),
                "header" => Header(input),
                _ => Transform(kind, settings, input),
            };
        }
        catch (Exception error) when (error is DataException or ConfigException or ArgumentException)
        {
            return $"! {error.GetType().Name} {error.Message}";
        }
    }

    private static string Json(Dictionary<string, string> settings, string input)
    {
        var value = Converter(settings).ToConnectData("t", ConnectHeaders.Empty, Bytes(input));
        var output = new Dictionary<string, string>(settings);
        if (settings.TryGetValue("write.schemas", out var schemas)) output["schemas.enable"] = schemas;
        return Text(Converter(output).FromConnectData("t", ConnectHeaders.Empty, value.Schema, value.Value));
    }

    private static string Header(string input)
    {
        var converter = new SimpleHeaderConverter();
        var value = converter.ToConnectHeader("t", "k", Bytes(input));
        return Text(Converter([]).FromConnectData("t", ConnectHeaders.Empty, value.Schema, value.Value)) + " " + Text(converter.FromConnectHeader("t", "k", value.Schema, value.Value));
    }

    private static string Transform(string name, Dictionary<string, string> settings, string input)
    {
        var hasSchemas = !settings.ContainsKey("no.schemas");
        var converter = Converter(new() { ["schemas.enable"] = hasSchemas ? "true" : "false" });
        var value = converter.ToConnectData("t", ConnectHeaders.Empty, Bytes(input));
        var transformation = TransformationCatalog.Create("org.apache.kafka.connect.transforms." + name)!;
        transformation.Configure(settings.Where(pair => pair.Key != "no.schemas").ToDictionary());
        var result = transformation.Apply(new SinkRecord
        {
            Topic = "topic-a",
            OriginalTopic = "topic-a",
            Partition = 3,
            OriginalPartition = 3,
            KeySchema = value.Schema,
            Key = value.Value,
            ValueSchema = value.Schema,
            Value = value.Value,
            Offset = 7,
            Timestamp = 1713763500123,
            TimestampType = TimestampType.CreateTime,
            Headers = new([new("h1", Schema.String, "one"), new("h2", Schema.String, "two")]),
        });
        if (result is null) return "dropped";
        var answer = new StringBuilder(result.Topic)
            .Append(' ').Append(Text(converter.FromConnectData("t", ConnectHeaders.Empty, result.KeySchema, result.Key)))
            .Append(' ').Append(Text(converter.FromConnectData("t", ConnectHeaders.Empty, result.ValueSchema, result.Value)));
        foreach (var header in result.Headers)
            answer.Append(' ').Append(header.Key).Append('=').Append(Text(converter.FromConnectData("t", ConnectHeaders.Empty, header.Schema, header.Value)));
        return answer.ToString();
    }

    // Maps without a schema have Java's hash order there.
    private static void AssertSameWithoutOrder(string expected, string actual)
    {
        var (wanted, got) = (expected.Split(' '), actual.Split(' '));
        Assert.Equal(wanted.Length, got.Length);
        for (var i = 0; i < wanted.Length; i++)
            Assert.True(wanted[i] == got[i] || (wanted[i].StartsWith('{') && JsonNode.DeepEquals(JsonNode.Parse(wanted[i]), JsonNode.Parse(got[i]))), $"expected {expected}\nbut got  {actual}");
    }

    private static JsonConverter Converter(Dictionary<string, string> settings)
    {
        var converter = new JsonConverter();
        converter.Configure(settings, isKey: false);
        return converter;
    }

    private static byte[]? Bytes(string text) => text == "<null>" ? null : Encoding.UTF8.GetBytes(text);

    private static string Text(byte[]? bytes) => bytes is null ? "<null>" : Encoding.UTF8.GetString(bytes);
}
