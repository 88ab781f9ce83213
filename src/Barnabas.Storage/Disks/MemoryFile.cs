namespace Barnabas.Storage.Disks;

/// <summary>The content of a file of <see cref="MemoryDisk"/>, in blocks; one that was never written holds zeros and takes no memory.</summary>
internal sealed class MemoryFile(TimeProvider time)
{
    private const int BlockBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<byte[]?> _blocks = [];
    private long _length;

    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    public long LastModifiedMs { get; private set; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    public int Read(Span<byte> buffer, long position)
    {
        lock (_lock)
        {
            var total = (int)Math.Clamp(_length - position, 0, buffer.Length);
            for (var done = 0; done < total;)
            {
                var (block, at, count) = Locate(position + done, total - done);
                var target = buffer.Slice(done, count);
                if (block < _blocks.Count && _blocks[block] is { } bytes)
                    bytes.AsSpan(at, count).CopyTo(target);
                else
                    target.Clear();
                done += count;
            }

            return total;
        }
    }

    public void Write(ReadOnlySpan<byte> buffer, long position)
    {
        lock (_lock)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var (block, at, count) = Locate(position + done, buffer.Length - done);
                while (_blocks.Count <= block)
                    _blocks.Add(null);
                buffer.Slice(done, count).CopyTo((_blocks[block] ??= new byte[BlockBytes]).AsSpan(at));
                done += count;
            }

            _length = Math.Max(_length, position + buffer.Length);
            Touch();
        }
    }

    public void SetLength(long length)
    {
        lock (_lock)
        {
            var (block, at, _) = Locate(length, BlockBytes);
            if (length < _length && block < _blocks.Count)
            {
                // What a later extension shows again has to be zeros.
                _blocks[block]?.AsSpan(at).Clear();
                _blocks.RemoveRange(block + 1, _blocks.Count - block - 1);
            }

            _length = length;
            Touch();
        }
    }

    private static (int Block, int At, int Count) Locate(long position, int wanted)
    {
        var at = (int)(position % BlockBytes);
        return ((int)(position / BlockBytes), at, Math.Min(wanted, BlockBytes - at));
    }

    private void Touch() => LastModifiedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
}
