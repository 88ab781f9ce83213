using Barnabas.Connect.Config;

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

    /// <summary>The generation of the workers' group; 0 outside one.</summary>
    public int Generation { get; init; }
}
