using System.Globalization;
using System.Text;

namespace Barnabas.Transport.Http;

/// <summary>What a request is answered with.</summary>
public sealed class HttpAnswer
{
    // What is written here or by the server; another value of them would contradict the rest of the answer.
    private static readonly string[] OwnHeaders = ["Date", "Location", "Allow", "Content-Type", "Content-Length", "Transfer-Encoding", "Connection"];

    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <summary>The HTTP status.</summary>
    public int Status { get; set; } = 200;

    /// <summary>The kind of the body; null for none.</summary>
    public string? ContentType { get; set; }

    /// <summary>Where what was made is; null for nowhere.</summary>
    public string? Location { get; set; }

    /// <summary>The methods that there are; null to say nothing of them.</summary>
    public string? Allow { get; set; }

    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Whether this can be a header: its name a token, its value without control characters.</summary>
    public static bool IsHeader(string name, string value) => HttpRequestReader.IsToken(name) && HttpRequestReader.IsText(value);

    /// <summary>Adds a header beside those above; of the answer's own (<c>Content-Type</c>, <c>Content-Length</c>, ...) none is changed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="replaces">Whether it takes the place of one that was added before.</param>
    /// <exception cref="ArgumentException">The name is none, or the value has a control character.</exception>
    public void AddHeader(string name, string value, bool replaces = false)
    {
        if (!IsHeader(name, value)) throw new ArgumentException($"This is no header: {name}: {value}");
        if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) return;
        if (replaces) _headers.RemoveAll(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        _headers.Add(KeyValuePair.Create(name, value));
    }

    /// <summary>Status line and headers, to the empty line.</summary>
    public byte[] Head(DateTimeOffset now, bool keepsAlive)
    {
        var head = new StringBuilder(256);
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Reason(Status)}\r\nDate: {now:R}\r\n");
        if (Location is not null) head.Append(CultureInfo.InvariantCulture, $"Location: {Location}\r\n");
        if (Allow is not null) head.Append(CultureInfo.InvariantCulture, $"Allow: {Allow}\r\n");
        if (ContentType is not null) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        // RFC 9110: an answer without content has no length either.
        if (Status != 204) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        foreach (var (name, value) in _headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (!keepsAlive) head.Append("Connection: close\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Payload Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        422 => "Unprocessable Entity",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    };
}
