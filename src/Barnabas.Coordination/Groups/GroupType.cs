namespace Barnabas.Coordination.Groups;

/// <summary>The protocol a group follows.</summary>
public enum GroupType
{
    /// <summary>Not one of the others.</summary>
    Unknown,

    /// <summary>JoinGroup and SyncGroup.</summary>
    Classic,

    /// <summary>KIP-848.</summary>
    Consumer,

    /// <summary>KIP-932.</summary>
    Share,

    /// <summary>KIP-1071.</summary>
    Streams,
}

/// <summary>The names Kafka gives group types on the wire.</summary>
public static class GroupTypes
{
    /// <summary>The name as ListGroups answers it.</summary>
    public static string NameOf(GroupType type) => type switch
    {
        GroupType.Classic => "classic",
        GroupType.Consumer => "consumer",
        GroupType.Share => "share",
        GroupType.Streams => "streams",
        _ => "unknown",
    };

    /// <summary>The type named <paramref name="name"/>, whatever its case; <see cref="GroupType.Unknown"/> for any other name.</summary>
    public static GroupType Parse(string name) =>
        name.Equals("classic", StringComparison.OrdinalIgnoreCase) ? GroupType.Classic
        : name.Equals("consumer", StringComparison.OrdinalIgnoreCase) ? GroupType.Consumer
        : name.Equals("share", StringComparison.OrdinalIgnoreCase) ? GroupType.Share
        : name.Equals("streams", StringComparison.OrdinalIgnoreCase) ? GroupType.Streams
        : GroupType.Unknown;
}
