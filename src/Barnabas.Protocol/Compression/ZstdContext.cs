using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Compression;

/// <summary>A context of libzstd, kept by its thread for the next batch.</summary>
internal sealed class ZstdContext : SafeHandle
{
    [ThreadStatic]
    private static ZstdContext? _compression;

    [ThreadStatic]
    private static ZstdContext? _decompression;

    private readonly bool _compresses;

    private ZstdContext(nint context, bool compresses)
        : base(0, ownsHandle: true)
    {
        if (context == 0)
            throw new OutOfMemoryException("libzstd has no memory for a context.");
        SetHandle(context);
        _compresses = compresses;
    }

    public static ZstdContext CompressionOfThread => _compression ??= new(ZstdNative.CreateCompressionContext(), compresses: true);

    public static ZstdContext DecompressionOfThread => _decompression ??= new(ZstdNative.CreateDecompressionContext(), compresses: false);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() =>
        (_compresses ? ZstdNative.FreeCompressionContext(handle) : ZstdNative.FreeDecompressionContext(handle)) == 0;
}
