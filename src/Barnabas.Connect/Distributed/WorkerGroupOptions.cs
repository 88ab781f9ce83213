using Barnabas.Client.Groups;

namespace Barnabas.Connect.Distributed;

/// <summary>What a <see cref="WorkerCoordinator"/> needs to know.</summary>
internal sealed record WorkerGroupOptions
{
    /// <summary>The group and its time-outs.</summary>
    public required ClassicGroupOptions Group { get; init; }

    /// <summary>This worker's REST API, as others reach it.</summary>
    public required string Url { get; init; }

    /// <summary>The best version of the protocol that it speaks.</summary>
    public required short Protocol { get; init; }

    /// <summary><c>scheduled.rebalance.max.delay.ms</c>.</summary>
    public required int MaxDelayMs { get; init; }

    /// <summary><c>worker.sync.timeout.ms</c>: how long the newest configuration may take to be read.</summary>
    public required TimeSpan SyncTimeout { get; init; }

    /// <summary><c>worker.unsync.backoff.ms</c>: how long a worker that could not read it in that time stays out of the group.</summary>
    public required TimeSpan UnsyncBackoff { get; init; }
}
