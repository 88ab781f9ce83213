using System.Globalization;
using Barnabas.Storage;

namespace Barnabas.Raft.Snapshots;

/// <summary>The names of snapshot files in the directory of the metadata log.</summary>
public static class SnapshotFiles
{
    /// <summary>The ending of a finished snapshot.</summary>
    public const string Suffix = ".checkpoint";

    /// <summary>The ending of a snapshot that is still being written.</summary>
    public const string PartSuffix = ".checkpoint.part";

    /// <summary>The ending of a snapshot that is about to be deleted.</summary>
    public const string DeletedSuffix = ".checkpoint.deleted";

    /// <summary>The name of a snapshot: <c>00000000000000000123-0000000004.checkpoint</c>.</summary>
    public static string Name(OffsetAndEpoch id) =>
        string.Create(CultureInfo.InvariantCulture, $"{id.Offset:D20}-{id.Epoch:D10}{Suffix}");

    /// <summary>Reads a finished snapshot's name.</summary>
    public static bool TryParse(string name, out OffsetAndEpoch id)
    {
        id = default;
        if (name.Length != 31 + Suffix.Length || name[20] != '-' || !name.EndsWith(Suffix, StringComparison.Ordinal)) return false;
        if (!long.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ||
            !int.TryParse(name.AsSpan(21, 10), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }
        id = new OffsetAndEpoch(offset, epoch);
        return true;
    }

    /// <summary>The finished snapshots of a directory, oldest first, with their sizes in bytes.</summary>
    public static SortedList<OffsetAndEpoch, long> List(IDisk disk, string directory)
    {
        var result = new SortedList<OffsetAndEpoch, long>();
        if (!disk.DirectoryExists(directory)) return result;
        foreach (var entry in disk.List(directory))
        {
            if (!entry.IsDirectory && TryParse(entry.Name, out var id)) result[id] = entry.Length;
        }
        return result;
    }

    /// <summary>Deletes what an interrupted writer or deletion left behind.</summary>
    public static void DeleteLeftovers(IDisk disk, string directory)
    {
        if (!disk.DirectoryExists(directory)) return;
        foreach (var entry in disk.List(directory))
        {
            if (entry.IsDirectory) continue;
            if (entry.Name.Contains(PartSuffix, StringComparison.Ordinal) || entry.Name.EndsWith(DeletedSuffix, StringComparison.Ordinal))
            {
                disk.DeleteFile(Path.Combine(directory, entry.Name));
            }
        }
    }
}
