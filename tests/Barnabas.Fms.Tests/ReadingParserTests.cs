using System.Buffers;
using System.Text;
using System.Text.Json;
using Barnabas.Fms.Readings;
using FsCheck;
using FsCheck.Fluent;

namespace Barnabas.Fms.Tests;

public sealed class ReadingParserTests
{
    private const string Reading = """{"deviceId":3,"sensor1":91.5,"sensor2":20,"sensor3":-1.25,"motor1":1501,"motor2":0.5,"motor3":1e3,"isFail":true,"time":"2026-05-04T03:02:01.000Z"}""";

    [Fact]
    public void A_reading_of_the_API_is_read_whole()
    {
        Assert.True(Parse(Reading, "", out var device, out var values, out var isFail, out var time));
        Assert.Equal(3, device);
        Assert.Equal([91.5, 20, -1.25, 1501, 0.5, 1000], values);
        Assert.True(isFail);
        Assert.Equal("\"2026-05-04T03:02:01.000Z\"", time);
    }

    [Fact]
    public void A_reading_in_the_envelope_of_Connect_is_read_as_if_it_stood_alone()
    {
        var envelope = $$$"""{"schema":{"type":"struct","fields":[{"type":"double","field":"sensor1"},{"type":"string","field":"time"}],"optional":true},"payload":{{{Reading}}}}""";
        Assert.True(Parse(envelope, "", out var device, out var values, out _, out var time));
        Assert.Equal((3, 91.5, "\"2026-05-04T03:02:01.000Z\""), (device, values[0], time));
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData("\"4\"", 4)]
    [InlineData("""{"schema":{"type":"string","optional":false},"payload":"12"}""", 12)]
    public void A_reading_that_does_not_name_its_device_belongs_to_its_key(string key, int expected)
    {
        Assert.True(Parse("""{"sensor1":1}""", key, out var device, out var values, out _, out _));
        Assert.Equal(expected, device);
        Assert.Equal(1, values[0]);
        Assert.True(double.IsNaN(values[5]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{\"sensor1\":1")]
    [InlineData("[1,2]")]
    [InlineData("""{"deviceId":1,"isFail":true}""")]
    [InlineData("""{"sensor1":1}""")]
    [InlineData("""{"deviceId":1,"sensor1":"hot"}""")]
    [InlineData("""{"deviceId":1,"sensor1":1e999}""")]
    public void What_is_no_reading_is_refused(string json) => Assert.False(Parse(json, "", out _, out _, out _, out _));

    [Fact]
    public void Any_bytes_are_read_or_refused_without_an_exception() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            ReadingParser.TryParse(bytes, bytes, out _);
            // A cut reading gets further than noise does.
            var cut = Encoding.UTF8.GetBytes(Reading)[..Math.Min(bytes.Length * 3, Reading.Length)];
            ReadingParser.TryParse([.. cut, .. bytes], "1"u8, out _);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_with_its_schema_is_read_again_to_the_hundredth()
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        var values = default(Measures);
        for (var at = 0; at < Measures.Count; at++)
            values[at] = (at * 333.333) - 100;
        ReadingWriter.WriteWithSchema(output, writer, new SensorReading { DeviceId = 7, Values = values, IsFail = true, TimeJson = "\"2026-01-02T03:04:05.678Z\""u8 });
        using var document = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal(9, document.RootElement.GetProperty("schema").GetProperty("fields").GetArrayLength());
        Assert.Equal(
            document.RootElement.GetProperty("schema").GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("field").GetString()),
            document.RootElement.GetProperty("payload").EnumerateObject().Select(property => property.Name));
        Assert.True(ReadingParser.TryParse(output.WrittenSpan, [], out var reading));
        for (var at = 0; at < Measures.Count; at++)
            Assert.Equal(values[at], reading.Values[at], 0.005);
        Assert.True(Times.TryParseJson(reading.TimeJson, out var ms));
        Assert.Equal("2026-01-02T03:04:05.678Z", Times.ToText(ms));
    }

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(-0.005, "-0.01")]
    [InlineData(1.125, "1.13")]
    [InlineData(99.999, "100.00")]
    [InlineData(-1234567.891, "-1234567.89")]
    [InlineData(0.07, "0.07")]
    public void Numbers_are_written_with_two_digits_behind_the_point(double value, string expected)
    {
        Span<byte> text = stackalloc byte[24];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..FixedPoint.Format(value, text)]));
    }

    private static bool Parse(string json, string key, out int device, out double[] values, out bool isFail, out string time)
    {
        var isReading = ReadingParser.TryParse(Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(key), out var reading);
        (device, isFail, time, values) = (reading.DeviceId, reading.IsFail, Encoding.UTF8.GetString(reading.TimeJson), new double[Measures.Count]);
        for (var at = 0; at < values.Length; at++)
            values[at] = reading.Values[at];
        return isReading;
    }
}
