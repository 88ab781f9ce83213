using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Storage.Disks;

/// <summary>A file of <see cref="PhysicalDisk"/> on <see cref="RandomAccess"/>: no shared file position, no buffering.</summary>
internal sealed class PhysicalDiskFile : IDiskFile
{
    private readonly SafeFileHandle _handle;

    public PhysicalDiskFile(string path, DiskFileMode mode)
    {
        Path = path;
        try
        {
            _handle = File.OpenHandle(
                path,
                mode switch
                {
                    DiskFileMode.OpenExisting => FileMode.Open,
                    DiskFileMode.OpenOrCreate => FileMode.OpenOrCreate,
                    _ => FileMode.Create,
                },
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }

    public string Path { get; }

    public long Length => RandomAccess.GetLength(_handle);

    // Only there can a socket be sent from a file.
    public SafeHandle? Handle => OperatingSystem.IsLinux() ? _handle : null;

    public int Read(Span<byte> buffer, long position)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[total..], position + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void WillNeed(long position, long length) => UnixSync.AdviseWillNeed(_handle, position, length);

    public void Write(ReadOnlySpan<byte> buffer, long position) => RandomAccess.Write(_handle, buffer, position);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position) => RandomAccess.Write(_handle, buffers, position);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush()
    {
        if (OperatingSystem.IsLinux())
            UnixSync.FlushData(_handle, Path);
        else
            RandomAccess.FlushToDisk(_handle);
    }

    public void Dispose() => _handle.Dispose();
}
