using System.Globalization;
using Barnabas.Storage.Epochs;

namespace Barnabas.Storage.Checkpoints;

/// <summary><c>leader-epoch-checkpoint</c>: <c>epoch startOffset</c> a line.</summary>
internal sealed class LeaderEpochCheckpointFile(IDisk disk, string path)
{
    public string Path => path;

    public void Write(IReadOnlyList<EpochEntry> entries)
    {
        var lines = new List<string>(entries.Count);
        foreach (var entry in entries)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.Epoch} {entry.StartOffset}"));
        CheckpointFile.Write(disk, path, lines);
    }

    public bool Exists => disk.FileExists(path);

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public List<EpochEntry> Read()
    {
        var entries = new List<EpochEntry>();
        foreach (var line in CheckpointFile.Read(disk, path))
        {
            var fields = line.Split(' ');
            if (fields.Length != 2
                || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                throw CheckpointFile.Malformed(path, line);
            entries.Add(new EpochEntry(epoch, offset));
        }

        return entries;
    }
}
