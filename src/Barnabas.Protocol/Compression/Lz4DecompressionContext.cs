using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Compression;

/// <summary>A decompression context of liblz4, kept by its thread for the next batch.</summary>
internal sealed class Lz4DecompressionContext : SafeHandle
{
    [ThreadStatic]
    private static Lz4DecompressionContext? _ofThread;

    private Lz4DecompressionContext(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    /// <summary>The thread's context, ready for a new frame.</summary>
    public static Lz4DecompressionContext OfThread
    {
        get
        {
            if (_ofThread is { } existing)
            {
                Lz4Native.ResetDecompressionContext(existing);
                return existing;
            }
            var result = Lz4Native.CreateDecompressionContext(out var context, Lz4Native.FrameVersion);
            if (Lz4Native.IsError(result))
                throw new OutOfMemoryException("liblz4 has no memory for a decompression context.");
            return _ofThread = new Lz4DecompressionContext(context);
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Lz4Native.FreeDecompressionContext(handle) == 0;
}
