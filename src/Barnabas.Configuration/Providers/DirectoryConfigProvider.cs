namespace Barnabas.Configuration.Providers;

/// <summary><c>${directory:/path/to/folder:key}</c>: the content of the file of that name, as Kubernetes mounts secrets.</summary>
internal sealed class DirectoryConfigProvider(AllowedPaths allowed) : IConfigProvider
{
    public string Get(string path, string key)
    {
        if (path.Length == 0) throw new ConfigException($"The variable of {key} names no folder.");
        var folder = allowed.Check(path);
        if (key.Length == 0 || Path.GetFileName(key) != key) throw new ConfigException($"{key} is no name of a file in {path}.");
        try
        {
            var file = Path.Combine(folder, key);
            return File.Exists(file) ? File.ReadAllText(file) : throw new ConfigException($"{path} has no file {key}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"Could not read file {key} of {path}: {error.Message}");
        }
    }
}
