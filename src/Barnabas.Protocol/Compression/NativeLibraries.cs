using System.Reflection;
using System.Runtime.InteropServices;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Finds the codecs' native libraries under the names the operating systems give them, once for the process, and says
/// which package to install when one is missing.
/// </summary>
internal static class NativeLibraries
{
    public const string Lz4 = "liblz4.so.1";
    public const string Zstd = "libzstd.so.1";

    private static readonly nint Lz4Handle = TryLoad([Lz4, "liblz4.1.dylib", "liblz4.dll", "lz4.dll"]);
    private static readonly nint ZstdHandle = TryLoad([Zstd, "libzstd.1.dylib", "libzstd.dll", "zstd.dll"]);

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    public static void RequireLz4() => Require(Lz4Handle, CompressionType.Lz4, Lz4, "liblz4-1");

    public static void RequireZstd() => Require(ZstdHandle, CompressionType.Zstd, Zstd, "libzstd1");

    internal static void Require(nint handle, CompressionType type, string library, string package)
    {
        if (handle == 0)
            throw new CompressionUnavailableException(type, library, package);
    }

    internal static nint TryLoad(ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        return 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Lz4 => Lz4Handle,
        Zstd => ZstdHandle,
        _ => 0,
    };
}
