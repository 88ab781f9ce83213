using System.Text.Json;

namespace Barnabas.Protocol.Tests;

public class MessageRoundTripTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        foreach (var line in GoldenFile.Lines.Where(line => line.Filling is "set" or "unknown"))
        {
            var message = Read(line.Message, line.Bytes, line.Version);
            RandomValues.Shake(message, random);
            var written = Schemas.Write(message, line.Version);
            var again = Read(line.Message, written, line.Version);
            Assert.True(Json(message, line.Version) == Json(again, line.Version), $"seed {seed}: {line}");
            Assert.True(written.AsSpan().SequenceEqual(Schemas.Write(again, line.Version)), $"seed {seed}: {line}");
        }
    }

    [Fact]
    public void A_reset_message_is_like_new()
    {
        foreach (var line in GoldenFile.Lines.Where(line => line.Filling == "unknown"))
        {
            var message = Read(line.Message, line.Bytes, line.Version);
            message.GetType().GetMethod("Reset")!.Invoke(message, null);
            Assert.True(Schemas.Write(message, line.Version).AsSpan().SequenceEqual(Schemas.Write(Schemas.New(line.Message), line.Version)), line.ToString());
        }
    }

    private static IMessage Read(string name, byte[] bytes, short version)
    {
        var message = Schemas.New(name);
        var reader = new MessageReader(bytes);
        message.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return message;
    }

    private static string Json(IMessage message, short version)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            message.WriteJson(json, version);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
