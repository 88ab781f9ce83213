namespace Barnabas.Storage.Disks;

/// <summary>An open file of <see cref="MemoryDisk"/>. It outlives renames and deletion, as open files do.</summary>
internal sealed class MemoryDiskFile(string path, MemoryFile file) : IDiskFile
{
    private volatile bool _isClosed;

    public string Path => path;

    public long Length => Open().Length;

    public int Read(Span<byte> buffer, long position) => Open().Read(buffer, position);

    public void Write(ReadOnlySpan<byte> buffer, long position) => Open().Write(buffer, position);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        foreach (var buffer in buffers)
        {
            Write(buffer.Span, position);
            position += buffer.Length;
        }
    }

    public void SetLength(long length) => Open().SetLength(length);

    public void Flush() => _ = Open();

    public void Dispose() => _isClosed = true;

    private MemoryFile Open()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return file;
    }
}
