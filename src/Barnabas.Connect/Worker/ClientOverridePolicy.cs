using Barnabas.Configuration;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Worker;

/// <summary>
/// Which settings of its clients a connector may change by <c>producer.override.*</c>, <c>consumer.override.*</c> and
/// <c>admin.override.*</c>: <c>connector.client.config.override.policy</c> (KIP-458). Immutable.
/// </summary>
public sealed class ClientOverridePolicy
{
    /// <summary>The key with the policy, by its short name or as Kafka Connect's class.</summary>
    public const string Key = "connector.client.config.override.policy";

    /// <summary>The key with the settings that the policy Allowlist allows.</summary>
    public const string AllowlistKey = "connector.client.config.override.allowlist";

    private const string ClassSuffix = "ConnectorClientConfigOverridePolicy";
    private static readonly string[] Names = ["All", "Allowlist", "None", "Principal"];
    private static readonly HashSet<string> OfThePrincipal = ["sasl.jaas.config", "sasl.mechanism", "security.protocol"];

    private readonly string _name;
    private readonly HashSet<string> _allowlist;

    private ClientOverridePolicy(string name, IEnumerable<string> allowlist)
    {
        _name = name;
        _allowlist = [.. allowlist];
    }

    /// <summary>What connectors' keys for clients begin with, and what those clients know.</summary>
    public static IReadOnlyList<(string Prefix, ConfigDefinition Definition)> Clients { get; } =
        [("producer.override.", ConfigDefinitions.Producer), ("consumer.override.", ConfigDefinitions.Consumer), ("admin.override.", ConfigDefinitions.Admin)];

    /// <summary>As a worker is configured.</summary>
    /// <exception cref="ConfigException">There is no such policy.</exception>
    public static ClientOverridePolicy Of(ConfigValues worker)
    {
        var given = worker.GetString(Key);
        var name = given[(given.LastIndexOf('.') + 1)..];
        if (name.EndsWith(ClassSuffix, StringComparison.Ordinal)) name = name[..^ClassSuffix.Length];
        return Names.Contains(name)
            ? new ClientOverridePolicy(name, worker.GetList(AllowlistKey))
            : throw new ConfigException(Key, given, $"There is no such policy: it is one of {string.Join(", ", Names)}");
    }

    /// <summary>Why a setting of a client may not be changed; null where it may.</summary>
    public string? Refusal(string setting)
    {
        var isAllowed = _name switch
        {
            "All" => true,
            "Allowlist" => _allowlist.Contains(setting),
            "Principal" => OfThePrincipal.Contains(setting),
            _ => false,
        };
        return isAllowed ? null : $"The '{_name}' policy does not allow '{setting}' to be overridden in the connector configuration.";
    }
}
