using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Compression;

/// <summary>The frame API of liblz4 (lz4frame.h, version 1.9).</summary>
internal static unsafe partial class Lz4Native
{
    public const uint FrameVersion = 100;
    public const int BlockOf64KiB = 4;
    public const int BlocksIndependent = 1;

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_compressFrameBound")]
    public static partial nuint CompressFrameBound(nuint sourceBytes, Preferences* preferences);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_compressFrame")]
    public static partial nuint CompressFrame(byte* destination, nuint capacity, byte* source, nuint sourceBytes, Preferences* preferences);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_createDecompressionContext")]
    public static partial nuint CreateDecompressionContext(out nint context, uint version);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_freeDecompressionContext")]
    public static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_resetDecompressionContext")]
    public static partial void ResetDecompressionContext(Lz4DecompressionContext context);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_decompress")]
    public static partial nuint Decompress(
        Lz4DecompressionContext context, byte* destination, ref nuint destinationBytes, byte* source, ref nuint sourceBytes, void* options);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_isError")]
    private static partial uint IsErrorCode(nuint result);

    [LibraryImport(NativeLibraries.Lz4, EntryPoint = "LZ4F_getErrorName")]
    private static partial nint GetErrorName(nuint result);

    public static bool IsError(nuint result) => IsErrorCode(result) != 0;

    public static string ErrorName(nuint result) => Marshal.PtrToStringUTF8(GetErrorName(result)) ?? "unknown error";

    [StructLayout(LayoutKind.Sequential)]
    public struct Preferences
    {
        public int BlockSizeId;
        public int BlockMode;
        public int ContentChecksum;
        public int FrameType;
        public ulong ContentSize;
        public uint DictionaryId;
        public int BlockChecksum;
        public int CompressionLevel;
        public uint AutoFlush;
        public uint FavorDecompressionSpeed;
        private readonly uint _reserved0;
        private readonly uint _reserved1;
        private readonly uint _reserved2;
    }
}
