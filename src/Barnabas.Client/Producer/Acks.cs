namespace Barnabas.Client.Producer;

/// <summary>How many replicas must have a record before it counts as delivered.</summary>
public enum Acks : short
{
    /// <summary>All replicas that are in sync (<c>all</c> or <c>-1</c>).</summary>
    All = -1,

    /// <summary>None: a record counts as delivered once it is written to the connection, and its offset stays unknown.</summary>
    None = 0,

    /// <summary>The leader alone.</summary>
    Leader = 1,
}
