namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>Where a client's tickets come from: a cache that kinit filled, a key table, or the one and else the other. Safe from any thread.</summary>
public sealed class GssapiLogin
{
    private static long _count;
    private readonly string _cache = $"barnabas-{Interlocked.Increment(ref _count)}";
    private readonly string? _principal;
    private readonly string? _keyTab;
    private readonly string? _ticketCache;
    private readonly bool _usesKeyTab;
    private readonly bool _usesTicketCache;

    /// <summary>Creates a login; nothing is fetched yet.</summary>
    /// <param name="principal">Who logs in; null for the owner of the ticket cache.</param>
    /// <param name="usesKeyTab">Whether keys may be used; they need a principal.</param>
    /// <param name="keyTab">The key table's file, or null for the system's own.</param>
    /// <param name="usesTicketCache">Whether tickets of a cache may be used; they come first.</param>
    /// <param name="ticketCache">The cache, or null for the user's own.</param>
    /// <exception cref="ArgumentException">There is nothing to log in by.</exception>
    public GssapiLogin(string? principal, bool usesKeyTab, string? keyTab, bool usesTicketCache, string? ticketCache)
    {
        if (!usesKeyTab && !usesTicketCache)
            throw new ArgumentException("Could not login: the client is being asked for a password, but neither useKeyTab nor useTicketCache is set", nameof(usesKeyTab));
        if (usesKeyTab && principal is null && !usesTicketCache)
            throw new ArgumentException("useKeyTab needs a principal", nameof(principal));
        (_principal, _usesKeyTab, _keyTab, _usesTicketCache, _ticketCache) = (principal, usesKeyTab && principal is not null, keyTab, usesTicketCache, ticketCache);
    }

    internal GssCredentials Acquire()
    {
        if (!_usesTicketCache)
            return GssCredentials.FromKeys(_principal!, _keyTab, _cache);
        try
        {
            return GssCredentials.FromTicketCache(_principal, _ticketCache);
        }
        catch (SaslException) when (_usesKeyTab)
        {
            return GssCredentials.FromKeys(_principal!, _keyTab, _cache);
        }
    }
}
