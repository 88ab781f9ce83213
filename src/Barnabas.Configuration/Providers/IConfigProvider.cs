namespace Barnabas.Configuration.Providers;

/// <summary>Finds values for variables (KIP-297). Safe from any thread.</summary>
internal interface IConfigProvider
{
    /// <summary>The value of a key, as of now.</summary>
    /// <param name="path">Where the key is; empty where the variable names no path.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">There is none, or it may not be read; the message never shows a value.</exception>
    string Get(string path, string key);
}
