using Barnabas.Protocol.Records;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Reads a log file batch by batch; what it gives is good until the next read.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private byte[] _buffer = new byte[64 * 1024];

    public LogFile(string path)
    {
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        SizeInBytes = RandomAccess.GetLength(_handle);
    }

    public long SizeInBytes { get; }

    /// <summary>Reads the batch at a position.</summary>
    /// <returns>False where no whole batch stands there before the limit.</returns>
    /// <exception cref="CorruptRecordException">The bytes there cannot begin a batch.</exception>
    public bool TryRead(long position, long limit, out RecordBatch batch)
    {
        batch = default;
        limit = Math.Min(limit, SizeInBytes);
        var header = _buffer.AsSpan(0, (int)Math.Min(64, Math.Max(0, limit - position)));
        if (RandomAccess.Read(_handle, header, position) < header.Length || !RecordBatches.TryReadSize(header, int.MaxValue, out var size) || position + size > limit)
            return false;
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength))];
        var read = 0;
        while (read < size)
        {
            var count = RandomAccess.Read(_handle, _buffer.AsSpan(read, size - read), position + read);
            if (count == 0)
                return false;
            read += count;
        }

        batch = new RecordBatch(_buffer.AsMemory(0, size));
        return true;
    }

    public void Dispose() => _handle.Dispose();
}
