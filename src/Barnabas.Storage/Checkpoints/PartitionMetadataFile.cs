using Barnabas.Protocol;

namespace Barnabas.Storage.Checkpoints;

/// <summary><c>partition.metadata</c>: <c>version: 0</c> and <c>topic_id: …</c>.</summary>
internal static class PartitionMetadataFile
{
    public static void Write(IDisk disk, string directory, Uuid topicId) =>
        disk.WriteAtomically(Path.Combine(directory, LogFileNames.PartitionMetadata), $"version: 0\ntopic_id: {topicId}");

    /// <summary>The topic id, or null when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Uuid? Read(IDisk disk, string directory)
    {
        var path = Path.Combine(directory, LogFileNames.PartitionMetadata);
        if (!disk.FileExists(path))
            return null;
        string? version = null;
        string? topicId = null;
        foreach (var line in disk.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                throw CheckpointFile.Malformed(path, line);
            var value = line[(colon + 1)..].Trim();
            switch (line[..colon])
            {
                case "version": version = value; break;
                case "topic_id": topicId = value; break;
                default: throw CheckpointFile.Malformed(path, line);
            }
        }

        if (version != "0" || topicId is null)
            throw new InvalidDataException($"Unrecognized version or missing topic id in {path}");
        try
        {
            var id = Uuid.Parse(topicId);
            return id == Uuid.Zero ? throw new InvalidDataException($"Invalid topic ID in partition metadata file ({path})") : id;
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"Invalid topic ID in partition metadata file ({path}): {topicId}", e);
        }
    }
}
