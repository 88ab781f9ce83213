using System.Globalization;

namespace Barnabas.Transport.Http;

/// <summary>A body as it comes. What is held grows with what has come, not with what was announced.</summary>
internal sealed class HttpBody
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Reads a body of a length, or (null) in chunks with what follows them.</summary>
    /// <exception cref="HttpException">It is not as announced, or larger than it may be.</exception>
    /// <exception cref="TransportException">The peer has gone.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpInput input, int? length, HttpLimits limits, CancellationToken cancellationToken)
    {
        var body = new HttpBody();
        if (length is { } bytes) await body.TakeAsync(input, bytes, cancellationToken);
        else await body.TakeChunksAsync(input, limits, cancellationToken);
        return body._bytes.AsMemory(0, body._length);
    }

    // Hexadecimal digits, and extensions that nobody uses.
    private static long SizeOf(string line)
    {
        var end = line.IndexOf(';', StringComparison.Ordinal);
        return long.TryParse(end < 0 ? line : line[..end].TrimEnd(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0
            ? size
            : throw new HttpException(400, "The size of a chunk is no number.");
    }

    private async ValueTask TakeChunksAsync(HttpInput input, HttpLimits limits, CancellationToken cancellationToken)
    {
        while (SizeOf(await input.ReadLineAsync(400, cancellationToken)) is > 0 and var size)
        {
            if (size > limits.BodyBytes - _length) throw HttpRequestReader.TooLarge(limits);
            await TakeAsync(input, (int)size, cancellationToken);
            if ((await input.ReadLineAsync(400, cancellationToken)).Length > 0) throw new HttpException(400, "A chunk is longer than its size.");
        }

        _ = await HttpRequestReader.ReadHeadersAsync(input, limits, cancellationToken);
    }

    private async ValueTask TakeAsync(HttpInput input, int more, CancellationToken cancellationToken)
    {
        for (var total = _length + more; _length < total;)
        {
            if (_length == _bytes.Length) Array.Resize(ref _bytes, Math.Max(Math.Min(total, FirstBytes), 2 * _length));
            _length += await input.ReadAsync(_bytes.AsMemory(_length, Math.Min(_bytes.Length, total) - _length), cancellationToken);
        }
    }
}
