using System.Buffers;
using System.Globalization;

namespace Barnabas.Transport.Http;

/// <summary>
/// Reads requests by RFC 9112, strictly: what two readers could understand differently (line feeds alone, folded headers,
/// a length beside chunks) is refused.
/// </summary>
internal static class HttpRequestReader
{
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads the request line and the headers.</summary>
    /// <exception cref="HttpException">It is no request, or larger than it may be.</exception>
    /// <exception cref="TransportException">The peer has gone.</exception>
    public static async ValueTask<HttpRequest> ReadHeadAsync(HttpInput input, ITransportConnection connection, HttpLimits limits, CancellationToken cancellationToken)
    {
        var line = await input.ReadLineAsync(414, cancellationToken);
        // RFC 9112, 2.2: an empty line that a client has sent behind the body before.
        if (line.Length == 0) line = await input.ReadLineAsync(414, cancellationToken);
        var parts = line.Split(' ');
        if (parts.Length != 3 || !IsToken(parts[0])) throw new HttpException(400, "The request line is none.");
        var version = parts[2];
        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
            throw new HttpException(version.StartsWith("HTTP/", StringComparison.Ordinal) ? 505 : 400, $"Unknown version: {(IsText(version) ? version : "")}");
        var headers = await ReadHeadersAsync(input, limits, cancellationToken);
        if (version == "HTTP/1.1" && !headers.ContainsKey("Host")) throw new HttpException(400, "The header Host is missing.");
        return new HttpRequest
        {
            Method = parts[0],
            Target = TargetOf(parts[1]),
            Version = version,
            Headers = headers,
            KeepsAlive = KeepsAlive(version, headers.GetValueOrDefault("Connection", "")),
            Remote = connection.RemoteEndPoint.Address,
        };
    }

    /// <summary>Reads headers, or trailers, to the empty line.</summary>
    public static async ValueTask<Dictionary<string, string>> ReadHeadersAsync(HttpInput input, HttpLimits limits, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var bytes = 0;
        for (var count = 0; ; count++)
        {
            var line = await input.ReadLineAsync(431, cancellationToken);
            if (line.Length == 0) return headers;
            bytes += line.Length;
            if (count >= limits.Headers || bytes > limits.HeaderBytes) throw new HttpException(431, $"There are more than {limits.Headers} headers, or {limits.HeaderBytes} bytes of them.");
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !IsToken(line.AsSpan(0, colon))) throw new HttpException(400, "A header has no name.");
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
            if (!IsText(value)) throw new HttpException(400, $"The header {name} has a control character.");
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
        }
    }

    /// <summary>The length of a body that says so; null for one in chunks.</summary>
    /// <exception cref="HttpException">It says neither clearly, or is larger than it may be.</exception>
    public static int? LengthOf(HttpRequest request, HttpLimits limits)
    {
        var length = request.Header("Content-Length");
        if (request.Header("Transfer-Encoding") is { } coding)
        {
            if (length is not null) throw new HttpException(400, "Both Content-Length and Transfer-Encoding are given.");
            return string.Equals(coding, "chunked", StringComparison.OrdinalIgnoreCase) ? null : throw new HttpException(501, $"The transfer coding {coding} is not known.");
        }

        if (length is null) return 0;
        if (!ulong.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) throw new HttpException(400, "Content-Length is no number.");
        return bytes <= (ulong)limits.BodyBytes ? (int)bytes : throw TooLarge(limits);
    }

    public static HttpException TooLarge(HttpLimits limits) => new(413, $"The body is larger than {limits.BodyBytes} bytes.");

    private static string TargetOf(string target)
    {
        if (!IsText(target)) throw new HttpException(400, "The request line has a control character.");
        if (target.StartsWith('/') || target == "*") return target;
        // As proxies are asked; whichever host it names, we are it.
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority <= 0 || !target.StartsWith("http", StringComparison.OrdinalIgnoreCase)) throw new HttpException(400, "The request line has no path.");
        var path = target.IndexOf('/', authority + 3);
        return path < 0 ? "/" : target[path..];
    }

    private static bool KeepsAlive(string version, string connection)
    {
        var options = connection.Split(',', StringSplitOptions.TrimEntries);
        return version == "HTTP/1.1"
            ? !options.Contains("close", StringComparer.OrdinalIgnoreCase)
            : options.Contains("keep-alive", StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether it can be a method or a header's name.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Token);

    /// <summary>Whether it has no control characters.</summary>
    public static bool IsText(string text) => !text.AsSpan().ContainsAnyInRange('\0', '\b') && !text.AsSpan().ContainsAnyInRange('\n', '\u001f') && !text.Contains('\u007f');
}
