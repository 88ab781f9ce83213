using System.Text;

namespace Barnabas.Storage;

/// <summary>Whole-file reading and the write-aside-and-rename that all small files of a log directory go through.</summary>
public static class DiskExtensions
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="FileNotFoundException">The file is absent.</exception>
    /// <exception cref="IOException">The file is larger than 1 GiB or cannot be read.</exception>
    public static byte[] ReadAllBytes(this IDisk disk, string path)
    {
        ArgumentNullException.ThrowIfNull(disk);
        using var file = disk.Open(path, DiskFileMode.OpenExisting);
        var length = file.Length;
        if (length > 1 << 30)
            throw new IOException($"{path} has {length} bytes: too large to be read whole");
        var bytes = new byte[length];
        var read = file.Read(bytes, 0);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Reads a whole file as UTF-8.</summary>
    public static string ReadAllText(this IDisk disk, string path) => Encoding.UTF8.GetString(ReadAllBytes(disk, path));

    /// <summary>
    /// Replaces a file so that a crash leaves either the old or the new content: writes <c>path.tmp</c>, flushes it,
    /// renames it over <paramref name="path"/> and flushes the directory.
    /// </summary>
    public static void WriteAtomically(this IDisk disk, string path, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var temporary = path + ".tmp";
        using (var file = disk.Open(temporary, DiskFileMode.CreateOrTruncate))
        {
            file.Write(content, 0);
            file.Flush();
        }

        disk.Rename(temporary, path);
        disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes UTF-8 text through <see cref="WriteAtomically(IDisk, string, ReadOnlySpan{byte})"/>.</summary>
    public static void WriteAtomically(this IDisk disk, string path, string content) =>
        disk.WriteAtomically(path, Encoding.UTF8.GetBytes(content));
}
