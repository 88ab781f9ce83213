using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>Finds MIT Kerberos, once for the process; says which package to install where it is missing, and what went wrong where it fails.</summary>
internal static unsafe class GssLibrary
{
    public const string Gss = "libgssapi_krb5.so.2";
    public const string Krb5 = "libkrb5.so.3";

    // Object identifiers stay where they are as long as the process lives: the library keeps pointers to them.
    public static readonly GssNative.Oid* Kerberos = Oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02]);
    public static readonly GssNative.Oid* HostBasedService = Oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04]);
    public static readonly GssNative.Oid* PrincipalName = Oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01]);

    private static readonly nint GssHandle = TryLoad(Gss);
    private static readonly nint Krb5Handle = TryLoad(Krb5);

    static GssLibrary() => NativeLibrary.SetDllImportResolver(typeof(GssLibrary).Assembly, Resolve);

    /// <exception cref="SaslException">The library is not installed.</exception>
    public static void Require()
    {
        if (GssHandle == 0 || Krb5Handle == 0)
            throw new SaslException($"GSSAPI needs {Gss} of MIT Kerberos, which is not installed: install the package libgssapi-krb5-2 (Debian, Ubuntu) or krb5-libs (Fedora, RHEL)");
    }

    /// <exception cref="SaslException">The call did not succeed.</exception>
    public static void Check(uint major, uint minor, string what)
    {
        if ((major & GssNative.ErrorMask) != 0)
            throw new SaslException($"{what}: {Text(major, GssNative.MajorStatus)}{(minor == 0 ? "" : $" ({Text(minor, GssNative.MinorStatus)})")}");
    }

    /// <summary>Takes the bytes of a buffer that the library filled, and gives the buffer back.</summary>
    public static byte[] Take(ref GssNative.Buffer buffer)
    {
        var bytes = buffer.Length == 0 ? [] : new ReadOnlySpan<byte>(buffer.Value, (int)buffer.Length).ToArray();
        fixed (GssNative.Buffer* pointer = &buffer)
            _ = GssNative.ReleaseBuffer(out _, pointer);
        return bytes;
    }

    private static string Text(uint status, int type)
    {
        var texts = new List<string>();
        uint more = 0;
        do
        {
            GssNative.Buffer buffer = default;
            if (GssNative.DisplayStatus(out _, status, type, Kerberos, ref more, &buffer) != 0)
                break;
            texts.Add(Encoding.UTF8.GetString(Take(ref buffer)));
        }
        while (more != 0);
        return string.Join(' ', texts);
    }

    private static GssNative.Oid* Oid(ReadOnlySpan<byte> elements)
    {
        var oid = (GssNative.Oid*)NativeMemory.Alloc((nuint)sizeof(GssNative.Oid));
        oid->Length = (uint)elements.Length;
        oid->Elements = (byte*)NativeMemory.Alloc((nuint)elements.Length);
        elements.CopyTo(new Span<byte>(oid->Elements, elements.Length));
        return oid;
    }

    private static nint TryLoad(string name) => OperatingSystem.IsLinux() && NativeLibrary.TryLoad(name, out var handle) ? handle : 0;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Gss => GssHandle,
        Krb5 => Krb5Handle,
        _ => 0,
    };
}
