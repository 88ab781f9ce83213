namespace Barnabas.Configuration.Security;

/// <summary>What a Krb5LoginModule entry says. Immutable.</summary>
/// <param name="ServiceName">The Kerberos service of the brokers, as <c>kafka</c>.</param>
/// <param name="Principal">Who logs in; null for the owner of the ticket cache.</param>
/// <param name="UsesKeyTab">Whether keys come from a key table.</param>
/// <param name="KeyTab">The key table's file; null for the system's own.</param>
/// <param name="UsesTicketCache">Whether tickets may come from a cache that kinit filled.</param>
/// <param name="TicketCache">The cache; null for the user's own.</param>
public sealed record KerberosLogin(string ServiceName, string? Principal, bool UsesKeyTab, string? KeyTab, bool UsesTicketCache, string? TicketCache)
{
    private const string FilePrefix = "FILE:";

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="serviceName">sasl.kerberos.service.name, or null.</param>
    /// <exception cref="ConfigException">The service has no name or two.</exception>
    public static KerberosLogin Of(JaasEntry entry, string? serviceName)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var own = entry["serviceName"];
        if (own is not null && serviceName is not null && own != serviceName)
            throw new ConfigException($"Conflicting serviceName values found in JAAS and Kafka configs value in JAAS file {own}, value in Kafka config {serviceName}");
        return new(
            own ?? serviceName ?? throw new ConfigException("No serviceName defined in either JAAS or Kafka config"),
            entry["principal"], Is(entry, "useKeyTab"), PathOf(entry["keyTab"]), Is(entry, "useTicketCache"), PathOf(entry["ticketCache"]));
    }

    private static bool Is(JaasEntry entry, string option) => string.Equals(entry[option], "true", StringComparison.OrdinalIgnoreCase);

    private static string? PathOf(string? path) =>
        path is null ? null : path.StartsWith(FilePrefix, StringComparison.Ordinal) ? path[FilePrefix.Length..] : path;
}
