using Barnabas.Configuration.Providers;

namespace Barnabas.Connect.Herding;

/// <summary>What a herder needs to know beside its stores.</summary>
public sealed record HerderOptions
{
    /// <summary>This worker, as host:port.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Resolves variables in configurations.</summary>
    public required ConfigVariables Variables { get; init; }

    /// <summary>Whether the topics that connectors use are noted.</summary>
    public required bool TracksTopics { get; init; }

    /// <summary>Whether these notes can be taken back.</summary>
    public required bool AllowsTopicReset { get; init; }

    /// <summary>Whether source tasks write in transactions (KIP-618).</summary>
    public required bool IsExactlyOnce { get; init; }

    /// <summary>How requests between workers are signed; null for a worker that is alone.</summary>
    public required SigningOptions? Signing { get; init; }

    /// <summary>Where the levels of loggers are kept.</summary>
    public required ILoggerLevels Loggers { get; init; }
}

/// <summary>How requests between workers are signed (KIP-507): the <c>inter.worker.*</c> keys.</summary>
/// <param name="KeyAlgorithm">What keys are made for.</param>
/// <param name="KeyBits">Their size in bits; null for the algorithm's own.</param>
/// <param name="KeyLifetime">How long one is used.</param>
/// <param name="SignatureAlgorithm">How this worker signs.</param>
/// <param name="Accepted">Which signatures it accepts.</param>
public sealed record SigningOptions(string KeyAlgorithm, int? KeyBits, TimeSpan KeyLifetime, string SignatureAlgorithm, IReadOnlyList<string> Accepted);
