namespace Barnabas.Cli.Tests.Support;

/// <summary>A stream that gives few bytes at a time, as pipes and terminals do.</summary>
internal sealed class ChunkedStream(byte[] bytes, Random random, int most) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, most + 1))], cancellationToken);
}
