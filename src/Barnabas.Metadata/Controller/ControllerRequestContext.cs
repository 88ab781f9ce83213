namespace Barnabas.Metadata.Controller;

/// <summary>Who asks the controller, and how.</summary>
/// <param name="ApiVersion">The version of the request, where the answer depends on it.</param>
/// <param name="Principal">Who asks.</param>
/// <param name="Timeout">How long the caller waits for the request to be taken up; null for ever.</param>
public sealed record ControllerRequestContext(short ApiVersion, string Principal, TimeSpan? Timeout = null)
{
    /// <summary>True where a broker checked the request before: it came in by a broker's listener.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>
    /// Counts partitions that a request creates or deletes against its client's quota, before they are; null where none holds.
    /// Throws THROTTLING_QUOTA_EXCEEDED as <see cref="Protocol.KafkaException"/>.
    /// </summary>
    public Action<int>? CountPartitionChanges { get; init; }

    /// <summary>The node itself asks, in the newest version of everything.</summary>
    public static ControllerRequestContext Internal { get; } = new(short.MaxValue, "User:ANONYMOUS");
}
