using System.Text.RegularExpressions;
using Barnabas.Configuration;

namespace Barnabas.Connect.Config;

/// <summary>Resolves <c>${provider:path:key}</c> in values (KIP-297) by the worker's <c>config.providers</c>: files of properties, folders with a file per key, the environment.</summary>
public sealed partial class ConfigVariables
{
    private readonly Dictionary<string, Func<string, string, string>> _providers = [];

    /// <summary>With the providers that a worker's properties name.</summary>
    /// <exception cref="ConfigException">A provider's class is not known.</exception>
    public static ConfigVariables Of(IReadOnlyDictionary<string, string> worker)
    {
        var variables = new ConfigVariables();
        foreach (var alias in Configuration.Validation.ConfigValue.SplitList(worker.GetValueOrDefault("config.providers", "")))
        {
            var key = $"config.providers.{alias}.class";
            var className = worker.GetValueOrDefault(key) ?? throw new ConfigException($"Missing required configuration \"{key}\" which has no default value.");
            variables._providers[alias] = className[(className.LastIndexOf('.') + 1)..] switch
            {
                "FileConfigProvider" => FromFile,
                "DirectoryConfigProvider" => FromDirectory,
                "EnvVarConfigProvider" => (_, name) => Environment.GetEnvironmentVariable(name) ?? throw new ConfigException($"The environment variable {name} is not set."),
                _ => throw new ConfigException(key, className, $"Class {className} could not be found."),
            };
        }

        return variables;
    }

    /// <summary>The same values with variables replaced; one of a provider that is not configured stays as it stands.</summary>
    /// <exception cref="ConfigException">A variable has no value.</exception>
    public IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> configs) =>
        _providers.Count == 0 ? configs : configs.ToDictionary(pair => pair.Key, pair => Variable().Replace(pair.Value, Value));

    private string Value(Match match) =>
        _providers.TryGetValue(match.Groups["provider"].Value, out var provider) ? provider(match.Groups["path"].Value, match.Groups["key"].Value) : match.Value;

    private static string FromFile(string path, string key) =>
        PropertiesFile.Load(path).TryGetValue(key, out var value) ? value : throw new ConfigException($"{path} has no key {key}.");

    private static string FromDirectory(string path, string key)
    {
        var file = Path.Combine(path, Path.GetFileName(key));
        return File.Exists(file) ? File.ReadAllText(file) : throw new ConfigException($"{path} has no file {key}.");
    }

    [GeneratedRegex(@"\$\{(?<provider>[^}:]*):((?<path>[^}:]*):)?(?<key>[^}]*)\}")]
    private static partial Regex Variable();
}
