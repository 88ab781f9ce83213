using System.Globalization;
using Barnabas.Protocol;

namespace Barnabas.Storage.Checkpoints;

/// <summary>
/// One of the four <c>*-offset-checkpoint</c> files of a log directory: <c>topic partition offset</c> a line.
/// Writes are serialized; the file always holds the last complete write.
/// </summary>
public sealed class OffsetCheckpointFile
{
    private readonly IDisk _disk;
    private readonly Lock _lock = new();

    /// <summary>Names the file; nothing is read or written yet.</summary>
    public OffsetCheckpointFile(IDisk disk, string path)
    {
        _disk = disk;
        Path = path;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Replaces the content.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Write(IReadOnlyDictionary<TopicPartition, long> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        lock (_lock)
        {
            var lines = new List<string>(offsets.Count);
            foreach (var (partition, offset) in offsets)
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}"));
            CheckpointFile.Write(_disk, Path, lines);
        }
    }

    /// <summary>Reads the content; empty when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public Dictionary<TopicPartition, long> Read()
    {
        lock (_lock)
        {
            var offsets = new Dictionary<TopicPartition, long>();
            foreach (var line in CheckpointFile.Read(_disk, Path))
            {
                var fields = line.Split(' ');
                if (fields.Length != 3
                    || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                    || !long.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
                    throw CheckpointFile.Malformed(Path, line);
                offsets[new TopicPartition(fields[0], partition)] = offset;
            }

            return offsets;
        }
    }
}
