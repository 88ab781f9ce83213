using Barnabas.Protocol;

namespace Barnabas.Metadata.Image;

/// <summary>The ids of log directories that have a meaning of their own (KIP-858).</summary>
public static class DirectoryId
{
    /// <summary>The replica is in no known directory yet: the broker chooses.</summary>
    public static readonly Uuid Unassigned = new(0, 0);

    /// <summary>The replica is in a directory that is not online.</summary>
    public static readonly Uuid Lost = new(0, 1);

    /// <summary>The replica was created before directories were tracked.</summary>
    public static readonly Uuid Migrating = new(0, 2);

    /// <summary>True for the ids that name no real directory: the first hundred.</summary>
    public static bool IsReserved(Uuid id) => id.High == 0 && id.Low is >= 0 and < 100;

    internal static Uuid[] OrMigrating(List<Uuid>? directories, int replicas)
    {
        if (directories is { Count: > 0 }) return [.. directories];
        var result = new Uuid[replicas];
        Array.Fill(result, Migrating);
        return result;
    }
}
