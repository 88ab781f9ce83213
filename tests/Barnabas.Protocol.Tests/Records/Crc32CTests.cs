using System.Text;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Tests.Records;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Known_texts_have_their_known_checksum(string text, uint expected)
    {
        Assert.Equal(expected, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(expected, ~Crc32CSoftware.Append(~0u, Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Hardware_and_software_agree_at_every_length_and_position()
    {
        const int Seed = 20260101;
        var data = new byte[80_000];
        new Random(Seed).NextBytes(data);
        int[] lengths = [.. Enumerable.Range(0, 1600), 8191, 8192, 24_575, 24_576, 24_577, 25_343, 25_344, 49_152, 60_001];
        foreach (var length in lengths)
        {
            var span = data.AsSpan(length % 13, length);
            Assert.True(~Crc32CSoftware.Append(~0u, span) == Crc32C.Compute(span), $"length {length}, seed {Seed}");
        }
    }

    [Fact]
    public void A_checksum_goes_on_where_another_ended()
    {
        var data = new byte[5000];
        new Random(1).NextBytes(data);
        Assert.Equal(Crc32C.Compute(data), Crc32C.Append(Crc32C.Compute(data.AsSpan(0, 1234)), data.AsSpan(1234)));
    }
}
