using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Compression;

/// <summary>What Barnabas uses of libzstd (zstd.h, version 1.4 or later).</summary>
internal static unsafe partial class ZstdNative
{
    private const int DestinationTooSmall = 70;

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressionContext();

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressionContext(nint context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressionContext();

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint sourceBytes);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_compressCCtx")]
    public static partial nuint Compress(
        ZstdContext context, byte* destination, nuint capacity, byte* source, nuint sourceBytes, int level);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_decompressDCtx")]
    public static partial nuint Decompress(ZstdContext context, byte* destination, nuint capacity, byte* source, nuint sourceBytes);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_isError")]
    private static partial uint IsErrorCode(nuint result);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint result);

    public static bool IsError(nuint result) => IsErrorCode(result) != 0;

    public static bool IsDestinationTooSmall(nuint result) => (nint)result == -DestinationTooSmall;

    public static string ErrorName(nuint result) => Marshal.PtrToStringUTF8(GetErrorName(result)) ?? "unknown error";
}
