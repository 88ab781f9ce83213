namespace Barnabas.Transport.Http;

/// <summary>What a peer may have this server hold, and for how long.</summary>
public sealed record HttpLimits
{
    /// <summary>Connections at a time; more are closed at once.</summary>
    public int Connections { get; init; } = 1_000;

    /// <summary>The request line, or a header.</summary>
    public int LineBytes { get; init; } = 8 * 1024;

    /// <summary>All headers of a request.</summary>
    public int HeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Headers of a request.</summary>
    public int Headers { get; init; } = 100;

    /// <summary>A body.</summary>
    public int BodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a connection stays open without a request.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the end of the headers to the end of the body, and as long again for the answer to be taken.</summary>
    public TimeSpan Body { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long what a refused peer still sends is read, so that it sees the answer.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long requests under way are waited for at the end.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(5);
}
