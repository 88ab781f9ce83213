using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>Keys or tickets to prove who one is. Safe from any thread.</summary>
internal sealed unsafe class GssCredentials : SafeHandle
{
    private GssCredentials(nint credentials)
        : base(0, ownsHandle: true) => SetHandle(credentials);

    public override bool IsInvalid => handle == 0;

    /// <summary>The keys of a service. The key table is read again for each client, so that keys may be replaced.</summary>
    /// <param name="principal">The service's principal.</param>
    /// <param name="keyTab">The key table's file, or null for the system's own.</param>
    /// <exception cref="SaslException">There is no such key.</exception>
    public static GssCredentials ForService(string principal, string? keyTab)
    {
        GssLibrary.Require();
        using var name = GssName.Principal(principal);
        return Acquire(name, GssNative.Accept, keyTab is null ? [] : [("keytab", "FILE:" + keyTab)], $"No key of {principal} in {keyTab ?? "the system's key table"}");
    }

    /// <summary>Tickets that come from keys; fetched and renewed as needed. May wait for the key distribution center.</summary>
    /// <param name="principal">Who logs in.</param>
    /// <param name="keyTab">The key table's file, or null for the system's own.</param>
    /// <param name="cache">Where tickets are kept: a name of a cache in memory.</param>
    /// <exception cref="SaslException">There is no such key, or no ticket for it.</exception>
    public static GssCredentials FromKeys(string principal, string? keyTab, string cache)
    {
        GssLibrary.Require();
        using var name = GssName.Principal(principal);
        (string, string)[] store = keyTab is null ? [("ccache", "MEMORY:" + cache)] : [("client_keytab", "FILE:" + keyTab), ("ccache", "MEMORY:" + cache)];
        return Acquire(name, GssNative.Initiate, store, $"No ticket for {principal} by {keyTab ?? "the system's key table"}");
    }

    /// <summary>Tickets that kinit fetched.</summary>
    /// <param name="principal">Who they are for, or null for the owner of the cache.</param>
    /// <param name="cache">The cache, or null for the user's own.</param>
    /// <exception cref="SaslException">There is no ticket.</exception>
    public static GssCredentials FromTicketCache(string? principal, string? cache)
    {
        GssLibrary.Require();
        using var name = principal is null ? null : GssName.Principal(principal);
        return Acquire(name, GssNative.Initiate, cache is null ? [] : [("ccache", cache)], $"No ticket in {cache ?? "the user's ticket cache"}; kinit fetches one");
    }

    protected override bool ReleaseHandle() => GssNative.ReleaseCredentials(out _, ref handle) == 0;

    private static GssCredentials Acquire(GssName? name, int usage, (string Key, string Value)[] store, string failure)
    {
        var elements = stackalloc GssNative.KeyValue[store.Length];
        try
        {
            for (var i = 0; i < store.Length; i++)
                elements[i] = new GssNative.KeyValue { Key = Utf8StringMarshaller.ConvertToUnmanaged(store[i].Key), Value = Utf8StringMarshaller.ConvertToUnmanaged(store[i].Value) };
            var set = new GssNative.KeyValueSet { Count = (uint)store.Length, Elements = elements };
            var mechanisms = new GssNative.OidSet { Count = 1, Elements = GssLibrary.Kerberos };
            var major = GssNative.AcquireCredentials(
                out var minor, name?.Value ?? 0, GssNative.Indefinite, &mechanisms, usage, store.Length == 0 ? null : &set, out var credentials, 0, 0);
            GssLibrary.Check(major, minor, failure);
            return new GssCredentials(credentials);
        }
        finally
        {
            for (var i = 0; i < store.Length; i++)
            {
                Utf8StringMarshaller.Free(elements[i].Key);
                Utf8StringMarshaller.Free(elements[i].Value);
            }
        }
    }
}
