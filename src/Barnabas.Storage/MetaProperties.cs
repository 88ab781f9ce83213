using System.Globalization;
using System.Text;
using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>
/// <c>meta.properties</c> of a log directory, version 1 (KRaft) with the directory id of KIP-858. Version 0 (ZooKeeper,
/// <c>broker.id</c>) is read too.
/// </summary>
/// <param name="Version">0 or 1.</param>
/// <param name="ClusterId">The cluster the directory belongs to.</param>
/// <param name="NodeId">The node the directory belongs to; null when the file names none.</param>
/// <param name="DirectoryId">The id of the directory; null when the file names none.</param>
public sealed record MetaProperties(int Version, string? ClusterId, int? NodeId, Uuid? DirectoryId)
{
    /// <summary>Reads the file of a log directory; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of an unknown version.</exception>
    public static MetaProperties? Read(IDisk disk, string logDirectory)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var path = Path.Combine(logDirectory, LogFileNames.MetaProperties);
        return disk.FileExists(path) ? Parse(disk.ReadAllText(path), path) : null;
    }

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="InvalidDataException">The text is damaged or of an unknown version.</exception>
    public static MetaProperties Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is '#' or '!')
                continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                values[line[..equals].Trim()] = line[(equals + 1)..].Trim().Replace("\\", "", StringComparison.Ordinal);
        }

        if (!values.TryGetValue("version", out var versionText) || versionText is not ("0" or "1"))
            throw new InvalidDataException($"{path}: unknown version '{versionText}' of meta.properties");
        var nodeText = values.GetValueOrDefault("node.id") ?? values.GetValueOrDefault("broker.id");
        int? node = null;
        if (nodeText is not null)
            node = int.TryParse(nodeText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
                ? parsed : throw new InvalidDataException($"{path}: unable to read node.id as a base-10 number: {nodeText}");
        if (versionText == "1" && (node is null || !values.ContainsKey("cluster.id")))
            throw new InvalidDataException($"{path}: {(node is null ? "node.id" : "cluster.id")} was not specified.");
        Uuid? directory = null;
        if (values.TryGetValue("directory.id", out var directoryText))
        {
            try
            {
                directory = Uuid.Parse(directoryText);
            }
            catch (FormatException e)
            {
                throw new InvalidDataException($"{path}: unable to read directory.id as a Uuid: {directoryText}", e);
            }
        }

        return new MetaProperties(versionText == "1" ? 1 : 0, values.GetValueOrDefault("cluster.id"), node, directory);
    }

    /// <summary>Replaces the file of a log directory.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Write(IDisk disk, string logDirectory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(time);
        var text = new StringBuilder("#\n#");
        text.Append(time.GetUtcNow().ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture)).Append('\n');
        if (ClusterId is not null)
            text.Append("cluster.id=").Append(ClusterId).Append('\n');
        if (DirectoryId is { } directory)
            text.Append("directory.id=").Append(directory.ToString()).Append('\n');
        if (NodeId is { } node)
            text.Append(Version == 0 ? "broker.id=" : "node.id=").Append(node.ToString(CultureInfo.InvariantCulture)).Append('\n');
        text.Append("version=").Append(Version.ToString(CultureInfo.InvariantCulture)).Append('\n');
        disk.WriteAtomically(Path.Combine(logDirectory, LogFileNames.MetaProperties), text.ToString());
    }
}
