using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Http;

/// <summary>What a server is for and how much it takes. Immutable.</summary>
public sealed record HttpServerOptions
{
    /// <summary>What it serves, as its log calls it: "REST API".</summary>
    public required string Name { get; init; }

    /// <summary>What a peer may have it hold.</summary>
    public HttpLimits Limits { get; init; } = new();

    /// <summary>The level of the line that each request has in the log.</summary>
    public LogLevel RequestLevel { get; init; } = LogLevel.Information;
}
