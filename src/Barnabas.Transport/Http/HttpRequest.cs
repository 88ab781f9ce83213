using System.Net;

namespace Barnabas.Transport.Http;

/// <summary>A request, read to its end. Immutable.</summary>
public sealed record HttpRequest
{
    /// <summary>Its method, as GET.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Target { get; init; }

    /// <summary>Its version, as HTTP/1.1.</summary>
    public required string Version { get; init; }

    /// <summary>By name, whatever its case; one that was sent several times has its values behind commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Whether the connection serves another request after this.</summary>
    public required bool KeepsAlive { get; init; }

    /// <summary>Its body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Who asks.</summary>
    public required IPAddress Remote { get; init; }

    /// <summary>The path as it was sent, without the query.</summary>
    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[..at] : Target;

    /// <summary>The query as it was sent, without its question mark.</summary>
    public string Query => Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[(at + 1)..] : "";

    /// <summary>A header; null where it is missing.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
