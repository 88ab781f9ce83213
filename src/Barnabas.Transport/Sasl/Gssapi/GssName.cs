using System.Runtime.InteropServices;
using System.Text;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>A name of the library.</summary>
internal sealed unsafe class GssName : SafeHandle
{
    public GssName(nint name)
        : base(0, ownsHandle: true) => SetHandle(name);

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    /// <summary>A service on a host, as <c>kafka@broker.example</c>.</summary>
    /// <exception cref="SaslException">The library does not take the name.</exception>
    public static GssName Service(string service, string host) => Import($"{service}@{host}", GssLibrary.HostBasedService);

    /// <summary>A principal, as <c>kafka/broker.example@REALM</c>.</summary>
    /// <exception cref="SaslException">The library does not take the name.</exception>
    public static GssName Principal(string name) => Import(name, GssLibrary.PrincipalName);

    /// <summary>The name as text, with its realm.</summary>
    public string Text
    {
        get
        {
            GssNative.Buffer buffer = default;
            GssLibrary.Check(GssNative.DisplayName(out var minor, handle, &buffer, 0), minor, "The name of the peer cannot be read");
            return Encoding.UTF8.GetString(GssLibrary.Take(ref buffer));
        }
    }

    protected override bool ReleaseHandle() => GssNative.ReleaseName(out _, ref handle) == 0;

    private static GssName Import(string text, GssNative.Oid* type)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
        {
            var buffer = new GssNative.Buffer { Length = (nuint)Encoding.UTF8.GetByteCount(text), Value = bytes };
            GssLibrary.Check(GssNative.ImportName(out var minor, &buffer, type, out var name), minor, $"'{text}' is no Kerberos name");
            return new GssName(name);
        }
    }
}
