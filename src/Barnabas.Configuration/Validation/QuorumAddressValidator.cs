using System.Globalization;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Configuration.Validation;

/// <summary>Addresses of controllers: <c>host:port</c> for bootstrap servers, <c>id@host:port</c> for voters.</summary>
internal sealed class QuorumAddressValidator(bool withId) : ConfigValidator
{
    public override void EnsureValid(string name, object? value)
    {
        if (value is null)
            throw new ConfigException(name, null, null);
        foreach (var entry in (IReadOnlyList<string>)value)
            Parse(name, entry, withId);
    }

    public override string Describe() => "non-empty list";

    public static (int Id, string Host, int Port) Parse(string name, string entry, bool withId)
    {
        var notation = withId ? "`{id}@{host}:{port}`." : "\"{host}:{port}\"";
        var address = entry;
        var id = -1;
        if (withId)
        {
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            if (at < 0 || entry.IndexOf('@', at + 1) >= 0)
                throw new ConfigException($"Invalid configuration value for {name}. Each entry should be in the form {notation}");
            if (!int.TryParse(entry.AsSpan(0, at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id))
                throw new ConfigException($"Failed to parse voter ID as an integer from {entry} for the configuration {name}. Each entry should be in the form {notation}");
            address = entry[(at + 1)..];
        }

        var slashes = address.IndexOf("://", StringComparison.Ordinal);
        var isPlain = slashes < 0 || (HostAndPort.IsHost(address.AsSpan(0, slashes)) && address.IndexOf(':', StringComparison.Ordinal) == slashes);
        var rest = address.AsSpan(slashes < 0 ? 0 : slashes + 3);
        if (!isPlain || !HostAndPort.TrySplit(rest, out var host, out var portText) || host.Length == 0
            || !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new ConfigException($"Failed to parse host name from {(withId ? "entry " : "")}{entry} for the configuration {name}. Each entry should be in the form {notation}");
        return (id, host, port);
    }
}
