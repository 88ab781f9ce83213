using System.Text.RegularExpressions;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Providers;

/// <summary><c>${env:NAME}</c>: an environment variable, where its name fits <c>allowlist.pattern</c> (KIP-887).</summary>
internal sealed class EnvVarConfigProvider : IConfigProvider
{
    /// <summary>The provider's parameter.</summary>
    public const string Pattern = "allowlist.pattern";

    private readonly string _key;
    private readonly Regex? _allowed;

    /// <exception cref="ConfigException">The pattern is no regular expression.</exception>
    public EnvVarConfigProvider(string key, string? pattern)
    {
        _key = key;
        if (!string.IsNullOrEmpty(pattern)) _allowed = JavaPatternValidator.Whole(key, pattern);
    }

    public string Get(string path, string key)
    {
        if (path.Length > 0) throw new ConfigException($"Path is not supported for EnvVarConfigProvider, invalid value '{path}'");
        if (_allowed?.IsMatch(key) == false) throw new ConfigException($"The environment variable {key} is not allowed to be accessed: {_key} does not fit it.");
        return Environment.GetEnvironmentVariable(key) ?? throw new ConfigException($"The environment variable {key} is not set.");
    }
}
