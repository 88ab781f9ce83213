namespace Barnabas.Configuration.Providers;

/// <summary><c>${file:/path/to/file.properties:key}</c>: a key of a properties file.</summary>
internal sealed class FileConfigProvider(AllowedPaths allowed) : IConfigProvider
{
    public string Get(string path, string key)
    {
        if (path.Length == 0) throw new ConfigException($"The variable of {key} names no file.");
        var file = allowed.Check(path);
        try
        {
            return PropertiesFile.Load(file).TryGetValue(key, out var value) ? value : throw new ConfigException($"{path} has no key {key}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"Could not read properties from file {path}: {error.Message}");
        }
    }
}
