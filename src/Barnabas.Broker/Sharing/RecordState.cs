namespace Barnabas.Broker.Sharing;

/// <summary>Where a record of a share partition stands. The numbers are those that the share coordinator keeps.</summary>
internal enum RecordState : sbyte
{
    /// <summary>It may be delivered.</summary>
    Available = 0,

    /// <summary>A member has it, and nobody else gets it until its lock ends. Never written.</summary>
    Acquired = 1,

    /// <summary>It was accepted.</summary>
    Acknowledged = 2,

    /// <summary>It was rejected, delivered too often, or is no longer there.</summary>
    Archived = 4,
}
