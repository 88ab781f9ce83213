namespace Barnabas.Transport.Requests;

/// <summary>What a <see cref="RequestConnection"/> needs to know besides its transport.</summary>
public sealed record RequestConnectionOptions
{
    /// <summary>Sent in the header of every request; null leaves it out.</summary>
    public required string? ClientId { get; init; }

    /// <summary>How long a response may take before the connection counts as dead, unless the request says otherwise.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>A larger response closes the connection before a byte of it is allocated.</summary>
    public int MaxResponseBytes { get; init; } = 256 * 1024 * 1024;
}
