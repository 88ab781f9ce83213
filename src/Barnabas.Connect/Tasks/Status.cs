namespace Barnabas.Connect.Tasks;

/// <summary>The state of a connector or task as everybody sees it.</summary>
/// <param name="State">What it does.</param>
/// <param name="WorkerId">Where, as host:port.</param>
/// <param name="Generation">The generation of the workers' group when it was written.</param>
/// <param name="Trace">Why it failed; null otherwise.</param>
public sealed record Status(RunState State, string WorkerId, int Generation, string? Trace)
{
    /// <summary>The version of the plug-in that it is made of (KIP-891); null where nobody knows.</summary>
    public string? Version { get; init; }
}
