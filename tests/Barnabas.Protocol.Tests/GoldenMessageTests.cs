using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Barnabas.Protocol.Tests;

public class GoldenMessageTests
{
    [Fact]
    public void Every_message_reads_and_writes_the_bytes_of_Apache_Kafka()
    {
        var failures = new List<string>();
        foreach (var line in GoldenFile.Lines)
        {
            try
            {
                var message = Read(line);
                var written = Schemas.Write(message, line.Version);
                if (!written.AsSpan().SequenceEqual(line.Bytes))
                    failures.Add($"{line}: wrote {Convert.ToHexStringLower(written)}, Kafka {Convert.ToHexStringLower(line.Bytes)}");
            }
            catch (Exception problem) when (problem is MalformedMessageException or KafkaException or MessageEncodingException)
            {
                failures.Add($"{line}: {problem.Message}");
            }
        }
        Assert.True(failures.Count == 0, Summary(failures));
    }

    [Fact]
    public void Every_message_shows_the_JSON_of_Apache_Kafka()
    {
        var failures = new List<string>();
        foreach (var line in GoldenFile.Lines.Where(line => line.Json.Length > 0))
        {
            var json = Json(Read(line), line.Version);
            if (json != line.Json)
                failures.Add($"{line}:\n  wrote {json}\n  Kafka {line.Json}");
        }
        Assert.True(failures.Count == 0, Summary(failures));
    }

    [Fact]
    public void The_defaults_of_every_message_are_those_of_Apache_Kafka()
    {
        foreach (var line in GoldenFile.Lines.Where(line => line.Filling == "default"))
            Assert.Equal((line.ToString(), Convert.ToHexString(line.Bytes)), (line.ToString(), Convert.ToHexString(Schemas.Write(Schemas.New(line.Message), line.Version))));
    }

    [Fact]
    public void No_message_or_version_of_the_schemas_is_without_golden_bytes()
    {
        var stored = GoldenFile.Lines.Select(line => (line.Message, line.Version)).ToHashSet();
        var missing = Schemas.All.Select(Schemas.New)
            .SelectMany(message => Enumerable.Range(message.LowestVersion, message.HighestVersion - message.LowestVersion + 1)
                .Select(version => (Message: message.GetType().Name, Version: (short)version)))
            .Where(version => !stored.Contains(version))
            .ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public void Reading_into_a_used_instance_leaves_nothing_of_before()
    {
        foreach (var group in GoldenFile.Lines.GroupBy(line => line.Message))
        {
            var message = Schemas.New(group.Key);
            foreach (var line in group)
            {
                var reader = new MessageReader(line.Bytes);
                message.Read(ref reader, line.Version);
                Assert.True(line.Bytes.AsSpan().SequenceEqual(Schemas.Write(message, line.Version)), line.ToString());
            }
        }
    }

    private static IMessage Read(GoldenLine line)
    {
        var message = Schemas.New(line.Message);
        var reader = new MessageReader(line.Bytes);
        message.Read(ref reader, line.Version);
        if (reader.Remaining != 0)
            throw new MalformedMessageException($"{reader.Remaining} bytes left over");
        return message;
    }

    private static string Json(IMessage message, short version)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            message.WriteJson(json, version);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Summary(List<string> failures) =>
        $"{failures.Count} of {GoldenFile.Lines.Count}:\n" + string.Join('\n', failures.Take(20));
}
