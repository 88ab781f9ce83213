using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Barnabas.Storage.Checkpoints;

/// <summary>
/// <c>.kafka_cleanshutdown</c> (KIP-966): <c>{"version":0,"brokerEpoch":N}</c>. Written last at a clean stop; deleted,
/// durably, before anything is written after a start.
/// </summary>
public sealed class CleanShutdownFile
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly string _path;

    /// <summary>Names the file of a log directory.</summary>
    public CleanShutdownFile(IDisk disk, string logDirectory)
    {
        _disk = disk;
        _directory = logDirectory;
        _path = Path.Combine(logDirectory, LogFileNames.CleanShutdownFile);
    }

    /// <summary>Whether the last process stopped cleanly.</summary>
    public bool Exists => _disk.FileExists(_path);

    /// <summary>Writes the marker with the epoch the broker was registered at (-1 when it never was).</summary>
    public void Write(long brokerEpoch) =>
        _disk.WriteAtomically(_path, string.Create(CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}"));

    /// <summary>The broker epoch in the marker; null when there is no marker or it holds none.</summary>
    public long? ReadBrokerEpoch()
    {
        return Exists ? Parse() : null;
    }

    /// <summary>Removes the marker so that a crash from now on is seen as one.</summary>
    public void Delete()
    {
        if (_disk.DeleteFile(_path))
            _disk.FlushDirectory(_directory);
    }

    // Of its own: code that mentions the JSON library loads it, and a first start has no file.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long? Parse()
    {
        try
        {
            using var json = JsonDocument.Parse(_disk.ReadAllBytes(_path));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("brokerEpoch", out var epoch) && epoch.TryGetInt64(out var value) ? value : null;
        }
        catch (JsonException)
        {
            // Kafka before 3.8 left the file empty: a clean stop of unknown epoch.
            return null;
        }
    }
}
