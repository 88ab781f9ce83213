using FsCheck;
using FsCheck.Fluent;

namespace Barnabas.Protocol.Tests;

public class PrimitiveTests
{
    [Fact]
    public void Varints_of_any_value_are_read_as_written() => Check.QuickThrowOnFailure(Prop.ForAll<int, long>((small, large) =>
    {
        using var writer = new MessageWriter();
        writer.WriteVarint(small);
        writer.WriteVarlong(large);
        writer.WriteUnsignedVarint((uint)small);
        writer.WriteUnsignedVarlong((ulong)large);
        var reader = new MessageReader(writer.ToArray());
        return reader.ReadVarint() == small && reader.ReadVarlong() == large
            && reader.ReadUnsignedVarint() == (uint)small && reader.ReadUnsignedVarlong() == (ulong)large && reader.Remaining == 0;
    }));

    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(63, "7e")]
    [InlineData(-64, "7f")]
    [InlineData(64, "8001")]
    [InlineData(int.MaxValue, "feffffff0f")]
    [InlineData(int.MinValue, "ffffffff0f")]
    public void Varints_are_zigzag_encoded(int value, string hex)
    {
        using var writer = new MessageWriter();
        writer.WriteVarint(value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.ToArray()));
    }

    [Theory]
    [InlineData(0, 1, "AAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData(0, 0, "AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(-1, -1, "_____________________w")]
    public void Ids_are_url_safe_base64(long high, long low, string text)
    {
        Assert.Equal(text, new Uuid(high, low).ToString());
        Assert.Equal(new Uuid(high, low), Uuid.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!AAAAAAAAAAAAAAAAAAAAA")]
    public void Other_texts_are_no_ids(string text)
    {
        Assert.False(Uuid.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Uuid.Parse(text));
    }

    [Fact]
    public void Random_ids_never_look_like_an_option()
    {
        var random = new Random(42);
        for (var i = 0; i < 10_000; i++)
        {
            var id = Uuid.Random(random);
            Assert.NotEqual('-', id.ToString()[0]);
            Assert.Equal(id, Uuid.Parse(id.ToString()));
        }
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00012, "1.2E-4")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(10000000.0, "1.0E7")]
    [InlineData(1.5e300, "1.5E300")]
    [InlineData(1e-5, "1.0E-5")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Floating_point_numbers_are_spelled_as_in_Java(double value, string text) => Assert.Equal(text, JavaDouble.Format(value));

    [Fact]
    public void Names_that_share_a_slot_are_not_confused()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var name = $"topic-{i % 9000}-é";
            Assert.Equal(name, NameCache.Get(System.Text.Encoding.UTF8.GetBytes(name)));
            Assert.Equal(name[..^2], NameCache.Get(System.Text.Encoding.UTF8.GetBytes(name[..^2])));
        }
    }

    [Fact]
    public void A_name_seen_before_is_not_made_again()
    {
        var bytes = "sensor-stream"u8.ToArray();
        Assert.Same(NameCache.Get(bytes), NameCache.Get(bytes));
    }
}
