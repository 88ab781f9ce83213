using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Providers;

/// <summary>Which files variables may reach (KIP-993): without a list, all that the process may read. Immutable.</summary>
internal sealed class AllowedPaths
{
    /// <summary>The provider's parameter.</summary>
    public const string Parameter = "allowed.paths";

    private readonly string _key;
    private readonly IReadOnlyList<string>? _paths;

    private AllowedPaths(string key, IReadOnlyList<string>? paths)
    {
        _key = key;
        _paths = paths;
    }

    /// <summary>Reads a list of paths.</summary>
    /// <param name="key">The key it is the value of.</param>
    /// <param name="value">Paths divided by commas; null or empty for no list.</param>
    /// <exception cref="ConfigException">A path is not absolute, or there is nothing there.</exception>
    public static AllowedPaths Parse(string key, string? value)
    {
        if (string.IsNullOrEmpty(value)) return new AllowedPaths(key, null);
        var paths = new List<string>();
        foreach (var path in ConfigValue.SplitList(value))
        {
            if (!Path.IsPathRooted(path) || !Path.Exists(path)) throw new ConfigException($"Path {path} is not valid. The path should be absolute and exist");
            paths.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        }

        return new AllowedPaths(key, paths);
    }

    /// <summary>The path that a variable names, without detours by <c>..</c>.</summary>
    /// <exception cref="ConfigException">It is outside the list.</exception>
    public string Check(string path)
    {
        var full = Path.GetFullPath(path);
        return _paths is null || _paths.Any(allowed => full == allowed || full.StartsWith(allowed + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            ? full
            : throw new ConfigException($"The path {path} is not allowed to be accessed: {_key} names others.");
    }
}
