using System.Text;
using Barnabas.Cli.Tests.Support;
using Barnabas.Cli.Verbs.ConsoleProducer;

namespace Barnabas.Cli.Tests.Verbs;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\rc\n\n", "a|b|c|")]
    [InlineData("\n\n", "|")]
    [InlineData("a\r", "a")]
    [InlineData("a\r\n\r\nb", "a||b")]
    public async Task Lines_end_with_a_line_feed_a_carriage_return_or_both(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', await SplitAsync(Encoding.UTF8.GetBytes(text), new Random(1), 100)));

    [Fact]
    public async Task Lines_are_the_same_however_the_bytes_arrive()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(2000)];
            for (var at = 0; at < bytes.Length; at++)
                bytes[at] = (byte)(random.Next(6) switch { 0 => '\n', 1 => '\r', _ => random.Next(256) });
            var whole = await SplitAsync(bytes, random, int.MaxValue - 1);
            var pieces = await SplitAsync(bytes, random, 1 + random.Next(5));
            Assert.True(whole.SequenceEqual(pieces), $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_line_longer_than_the_buffer_comes_whole()
    {
        var line = new string('x', 300_000);
        Assert.Equal([line, "y"], await SplitAsync(Encoding.UTF8.GetBytes(line + "\ny"), new Random(2), 50_000));
    }

    private static async Task<List<string>> SplitAsync(byte[] bytes, Random random, int most)
    {
        var splitter = new LineSplitter(new ChunkedStream(bytes, random, most));
        var lines = new List<string>();
        for (var isOpen = true; isOpen;)
        {
            isOpen = await splitter.FillAsync(CancellationToken.None);
            while (splitter.TryTake(out var line))
                lines.Add(Encoding.Latin1.GetString(line.Span));
        }

        return lines;
    }
}
