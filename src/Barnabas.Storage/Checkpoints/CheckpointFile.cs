using System.Globalization;
using System.Text;

namespace Barnabas.Storage.Checkpoints;

/// <summary>
/// The text format all of Kafka's checkpoints share: a line with the version (0), a line with the number of entries,
/// then one entry a line.
/// </summary>
internal static class CheckpointFile
{
    private const string Version = "0";

    public static void Write(IDisk disk, string path, IReadOnlyCollection<string> entries)
    {
        var text = new StringBuilder();
        text.Append(Version).Append('\n').Append(entries.Count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var entry in entries)
            text.Append(entry).Append('\n');
        disk.WriteAtomically(path, text.ToString());
    }

    /// <summary>The entries; empty when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string[] Read(IDisk disk, string path)
    {
        if (!disk.FileExists(path))
            return [];
        var text = disk.ReadAllText(path);
        // Kafka creates its checkpoints empty.
        if (text.Length == 0)
            return [];
        var lines = text.Split('\n');
        if (lines.Length < 2)
            throw Malformed(path, lines[0]);
        var version = lines[0].TrimEnd('\r');
        if (version != Version)
            throw new InvalidDataException($"Unrecognized version of the checkpoint file ({path}): {version}");
        if (!int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw Malformed(path, lines[1]);
        var entries = lines.AsSpan(2).ToArray().Select(static l => l.TrimEnd('\r')).Where(static l => l.Length > 0).ToArray();
        if (entries.Length != count)
            throw new InvalidDataException($"Expected {count} entries in checkpoint file ({path}), but found only {entries.Length}");
        return entries;
    }

    public static InvalidDataException Malformed(string path, string line) =>
        new($"Malformed line in checkpoint file ({path}): {line}");
}
