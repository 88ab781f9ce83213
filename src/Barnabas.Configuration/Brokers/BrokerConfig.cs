using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Barnabas.Configuration.Providers;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Brokers;

/// <summary>
/// The configuration of a node. Immutable: values changed at run time make a new one (<see cref="WithDynamic"/>).
/// A key resolves in this order: set at run time for this broker, set at run time for all, the properties file, the default (KIP-226).
/// </summary>
public sealed partial class BrokerConfig
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    private readonly Dictionary<string, object?> _parsed = new(StringComparer.Ordinal);
    private readonly ConfigVariables _variables;
    private readonly IReadOnlyDictionary<string, string> _dynamicBroker;
    private readonly IReadOnlyDictionary<string, string> _dynamicDefault;

    private BrokerConfig(
        IReadOnlyDictionary<string, string> properties,
        ConfigVariables variables,
        IReadOnlyDictionary<string, string> dynamicBroker,
        IReadOnlyDictionary<string, string> dynamicDefault,
        IReadOnlyList<string> notes,
        bool isLegacy)
    {
        StaticProperties = properties;
        DynamicBrokerProperties = dynamicBroker;
        DynamicDefaultProperties = dynamicDefault;
        Notes = notes;
        IsZooKeeperEra = isLegacy;
        _variables = variables;
        _dynamicBroker = variables.Resolve(dynamicBroker);
        _dynamicDefault = variables.Resolve(dynamicDefault);
        foreach (var key in ConfigDefinitions.Broker.Keys)
            if (TryGetRaw(key.Name, out var raw))
                _parsed[key.Name] = key.Parse(raw);
            else if (key.HasDefault)
                _parsed[key.Name] = key.ParsedDefault;
            else
                throw new ConfigException($"Missing required configuration \"{key.Name}\" which has no default value.");
        ReadEndpoints();
        BrokerConfigChecks.Check(this);
    }

    /// <summary>The properties the node was started with, after ZooKeeper-era keys were translated; unknown keys are kept.</summary>
    public IReadOnlyDictionary<string, string> StaticProperties { get; }

    /// <summary>What was set at run time for this broker, as it was set: variables stand in it.</summary>
    public IReadOnlyDictionary<string, string> DynamicBrokerProperties { get; }

    /// <summary>What was set at run time as the default of all brokers, as it was set: variables stand in it.</summary>
    public IReadOnlyDictionary<string, string> DynamicDefaultProperties { get; }

    /// <summary>Sentences for the log on how keys of the ZooKeeper era were understood.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>True where the file had no <c>process.roles</c>.</summary>
    public bool IsZooKeeperEra { get; }

    /// <summary>Reads a node's properties, variables in them replaced (KIP-421).</summary>
    /// <exception cref="ConfigException">A value is not valid, or two do not go together, with Kafka's text.</exception>
    public static BrokerConfig Create(IReadOnlyDictionary<string, string> properties)
    {
        var notes = new List<string>();
        var translated = LegacyProperties.Translate(properties, notes, out var isLegacy);
        var variables = ConfigVariables.Of(translated);
        return new BrokerConfig(variables.Resolve(translated), variables, Nothing, Nothing, notes, isLegacy);
    }

    /// <summary>
    /// This configuration with other values set at run time, in place of those it had. Variables in them are replaced by the
    /// providers that the properties file names, never by ones set at run time: those would let whoever may alter a
    /// configuration read the node's files.
    /// </summary>
    /// <exception cref="ConfigException">A value is not valid, two do not go together, or a variable has no value.</exception>
    public BrokerConfig WithDynamic(IReadOnlyDictionary<string, string> forThisBroker, IReadOnlyDictionary<string, string> forAll) =>
        new(StaticProperties, _variables, forThisBroker, forAll, Notes, IsZooKeeperEra);

    /// <summary>The text a key is set to, from whichever place comes first; false where only a default exists.</summary>
    public bool TryGetRaw(string key, [MaybeNullWhen(false)] out string value) =>
        _dynamicBroker.TryGetValue(key, out value)
        || _dynamicDefault.TryGetValue(key, out value)
        || StaticProperties.TryGetValue(key, out value);

    /// <summary>True where the key is set anywhere, to whatever value.</summary>
    public bool IsSet(string key) => TryGetRaw(key, out _);

    /// <summary>The parsed value of a key of <see cref="ConfigDefinitions.Broker"/>, null where it has none.</summary>
    /// <exception cref="ConfigException">The key is unknown.</exception>
    public object? Get(string key) =>
        _parsed.TryGetValue(key, out var value) ? value : throw new ConfigException($"Unknown configuration '{key}'");

    /// <summary>An int (or short) key.</summary>
    public int GetInt(string key) => Convert.ToInt32(Required(key), CultureInfo.InvariantCulture);

    /// <summary>A long, int or short key.</summary>
    public long GetLong(string key) => Convert.ToInt64(Required(key), CultureInfo.InvariantCulture);

    /// <summary>A double key.</summary>
    public double GetDouble(string key) => (double)Required(key);

    /// <summary>A boolean key.</summary>
    public bool GetBoolean(string key) => (bool)Required(key);

    /// <summary>A string, class or password key that has a value.</summary>
    public string GetString(string key) => (string)Required(key);

    /// <summary>A string, class or password key, null where it has no value.</summary>
    public string? GetOptionalString(string key) => (string?)Get(key);

    /// <summary>A long, int or short key, null where it has no value.</summary>
    public long? GetOptionalLong(string key) => Get(key) is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <summary>A list key; empty where it has no value.</summary>
    public IReadOnlyList<string> GetList(string key) => (IReadOnlyList<string>?)Get(key) ?? [];

    /// <summary>The text of a value as DescribeConfigs shows it, null where it has none.</summary>
    public string? GetText(string key) => ConfigValue.ToText(Get(key));

    private object Required(string key) => Get(key) ?? throw new ConfigException(key, null, "Value must be non-null");
}
