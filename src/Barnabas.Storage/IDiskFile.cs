using System.Runtime.InteropServices;

namespace Barnabas.Storage;

/// <summary>
/// An open file with positioned reads and writes. Reads may run beside a write from any thread; writers keep
/// themselves in order. Disposal closes the handle and flushes nothing.
/// </summary>
public interface IDiskFile : IDisposable
{
    /// <summary>The path the file was opened at.</summary>
    string Path { get; }

    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>What a socket can be sent the file's bytes by, without a copy; null where there is no such way.</summary>
    SafeHandle? Handle => null;

    /// <summary>Reads until the buffer is full or the file ends; returns the bytes read.</summary>
    int Read(Span<byte> buffer, long position);

    /// <summary>Says that these bytes will be read soon, so that the system may fetch them meanwhile. Advice: it waits for nothing and never fails.</summary>
    void WillNeed(long position, long length)
    {
    }

    /// <summary>Writes all bytes at the position, growing the file as needed.</summary>
    void Write(ReadOnlySpan<byte> buffer, long position);

    /// <summary>Writes several buffers one after the other with one system call where the platform has it.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position);

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    void SetLength(long length);

    /// <summary>Makes data and length durable (fdatasync).</summary>
    void Flush();
}
