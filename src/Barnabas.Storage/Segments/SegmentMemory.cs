using System.Runtime.InteropServices;
using Barnabas.Protocol.Buffers;

namespace Barnabas.Storage.Segments;

/// <summary>Whole batches of a segment, to be sent straight from its file.</summary>
internal sealed class SegmentMemory(IDiskFile file, SafeHandle handle, int position, int length) : FileMemory(handle, position, length)
{
    public override void Read(int start, Span<byte> buffer)
    {
        if (file.Read(buffer, Position + start) < buffer.Length)
            throw new IOException($"{file.Path} was cut below position {Position + start + buffer.Length} while it was read");
    }
}
