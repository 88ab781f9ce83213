namespace Barnabas.Client.Consumer;

/// <summary>A regular expression that the coordinator matches against all topics the consumer may describe; needs <see cref="GroupProtocol.Consumer"/> (KIP-848).</summary>
/// <param name="Pattern">In the syntax of RE2, matched against whole names.</param>
public sealed record SubscriptionPattern(string Pattern)
{
    /// <inheritdoc/>
    public override string ToString() => Pattern;
}
