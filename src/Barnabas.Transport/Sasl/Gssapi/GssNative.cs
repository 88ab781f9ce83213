using System.Runtime.InteropServices;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>
/// What Barnabas uses of MIT Kerberos (gssapi.h, gssapi_ext.h, krb5.h). The framework's NegotiateAuthentication goes by
/// the key table and ticket cache of the whole process; listeners and clients have their own.
/// </summary>
internal static unsafe partial class GssNative
{
    public const int Initiate = 1;
    public const int Accept = 2;
    public const uint ContinueNeeded = 1;
    public const uint ErrorMask = 0xffff0000;
    public const uint MutualFlag = 2;
    public const uint ReplayFlag = 4;
    public const uint SequenceFlag = 8;
    public const uint IntegrityFlag = 32;
    public const uint Indefinite = 0xffffffff;
    public const int MajorStatus = 1;
    public const int MinorStatus = 2;

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_acquire_cred_from")]
    public static partial uint AcquireCredentials(out uint minor, nint name, uint seconds, OidSet* mechanisms, int usage, KeyValueSet* store, out nint credentials, nint actual, nint time);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_release_cred")]
    public static partial uint ReleaseCredentials(out uint minor, ref nint credentials);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_import_name")]
    public static partial uint ImportName(out uint minor, Buffer* text, Oid* type, out nint name);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_display_name")]
    public static partial uint DisplayName(out uint minor, nint name, Buffer* text, nint type);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_release_name")]
    public static partial uint ReleaseName(out uint minor, ref nint name);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_release_buffer")]
    public static partial uint ReleaseBuffer(out uint minor, Buffer* buffer);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_init_sec_context")]
    public static partial uint Init(
        out uint minor, GssCredentials credentials, ref nint context, GssName target, Oid* mechanism, uint flags, uint seconds, nint bindings, Buffer* input, nint actual, Buffer* output, out uint gotFlags, nint time);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_accept_sec_context")]
    public static partial uint AcceptToken(
        out uint minor, ref nint context, GssCredentials credentials, Buffer* input, nint bindings, out nint source, nint mechanism, Buffer* output, out uint flags, nint time, nint delegated);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_delete_sec_context")]
    public static partial uint DeleteContext(out uint minor, ref nint context, nint output);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_wrap")]
    public static partial uint Wrap(out uint minor, nint context, int confidential, uint quality, Buffer* input, out int isConfidential, Buffer* output);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_unwrap")]
    public static partial uint Unwrap(out uint minor, nint context, Buffer* input, Buffer* output, out int isConfidential, out uint quality);

    [LibraryImport(GssLibrary.Gss, EntryPoint = "gss_display_status")]
    public static partial uint DisplayStatus(out uint minor, uint status, int type, Oid* mechanism, ref uint more, Buffer* text);

    [LibraryImport(GssLibrary.Krb5, EntryPoint = "krb5_init_context")]
    public static partial int InitContext(out nint context);

    [LibraryImport(GssLibrary.Krb5, EntryPoint = "krb5_free_context")]
    public static partial void FreeContext(nint context);

    [LibraryImport(GssLibrary.Krb5, EntryPoint = "krb5_get_default_realm")]
    public static partial int GetDefaultRealm(nint context, out nint realm);

    [LibraryImport(GssLibrary.Krb5, EntryPoint = "krb5_free_default_realm")]
    public static partial void FreeDefaultRealm(nint context, nint realm);

    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public nuint Length;
        public byte* Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Oid
    {
        public uint Length;
        public byte* Elements;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct OidSet
    {
        public nuint Count;
        public Oid* Elements;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct KeyValue
    {
        public byte* Key;
        public byte* Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct KeyValueSet
    {
        public uint Count;
        public KeyValue* Elements;
    }
}
