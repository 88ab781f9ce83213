using System.Text.RegularExpressions;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Providers;

/// <summary>
/// Replaces <c>${provider:path:key}</c> in values by what <c>config.providers</c> find (KIP-297 for Connect, KIP-421 for
/// brokers and clients): passwords need not stand in the files that name them. Immutable.
/// </summary>
public sealed partial class ConfigVariables
{
    /// <summary>The key that names the providers.</summary>
    public const string Key = "config.providers";

    /// <summary>What the keys that set a provider up begin with.</summary>
    public const string Prefix = Key + ".";

    private readonly Dictionary<string, IConfigProvider> _providers = new(StringComparer.Ordinal);

    private ConfigVariables()
    {
    }

    /// <summary>With the providers that properties name: <c>config.providers</c>, <c>config.providers.NAME.class</c>, <c>config.providers.NAME.param.*</c>.</summary>
    /// <exception cref="ConfigException">A provider's class is not known, or a parameter of it is not valid.</exception>
    public static ConfigVariables Of(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var variables = new ConfigVariables();
        foreach (var name in ConfigValue.SplitList(properties.GetValueOrDefault(Key, "")))
        {
            var key = $"{Prefix}{name}.class";
            var className = properties.GetValueOrDefault(key) ?? throw new ConfigException($"Missing required configuration \"{key}\" which has no default value.");
            var parameters = $"{Prefix}{name}.param.";
            variables._providers[name] = className[(className.LastIndexOf('.') + 1)..] switch
            {
                "FileConfigProvider" => new FileConfigProvider(Paths(properties, parameters)),
                "DirectoryConfigProvider" => new DirectoryConfigProvider(Paths(properties, parameters)),
                "EnvVarConfigProvider" => new EnvVarConfigProvider(parameters + EnvVarConfigProvider.Pattern, properties.GetValueOrDefault(parameters + EnvVarConfigProvider.Pattern)),
                _ => throw new ConfigException(key, className, $"Class {className} could not be found."),
            };
        }

        return variables;
    }

    /// <summary>Properties with the variables in them replaced by the providers that they name themselves.</summary>
    /// <exception cref="ConfigException">A provider is not valid, or a variable has no value.</exception>
    public static IReadOnlyDictionary<string, string> ResolveIn(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.ContainsKey(Key) ? Of(properties).Resolve(properties) : properties;
    }

    /// <summary>The same values with variables replaced; one of a provider that is not configured stays as it stands.</summary>
    /// <exception cref="ConfigException">A variable has no value.</exception>
    public IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> configs) =>
        _providers.Count == 0 ? configs : configs.ToDictionary(pair => pair.Key, pair => Variable().Replace(pair.Value, Value), StringComparer.Ordinal);

    private static AllowedPaths Paths(IReadOnlyDictionary<string, string> properties, string parameters) =>
        AllowedPaths.Parse(parameters + AllowedPaths.Parameter, properties.GetValueOrDefault(parameters + AllowedPaths.Parameter));

    private string Value(Match match) =>
        _providers.TryGetValue(match.Groups["provider"].Value, out var provider) ? provider.Get(match.Groups["path"].Value, match.Groups["key"].Value) : match.Value;

    [GeneratedRegex(@"\$\{(?<provider>[^}:]*):((?<path>[^}:]*):)?(?<key>[^}]*)\}")]
    private static partial Regex Variable();
}
