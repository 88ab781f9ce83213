using Barnabas.Cli.Framework.Options;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Configuration;

namespace Barnabas.Cli.Framework;

/// <summary>Makes the clients that verbs work with, from <c>--bootstrap-server</c> and <c>--command-config</c>.</summary>
internal static class Clients
{
    /// <summary>The properties of a file, none where no file is named.</summary>
    /// <exception cref="VerbException">There is no such file.</exception>
    public static Dictionary<string, string> LoadProperties(string? path)
    {
        if (path is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        return File.Exists(path) ? PropertiesFile.Load(path) : throw new VerbException($"{path} (No such file or directory)");
    }

    /// <summary>An admin client.</summary>
    public static AdminClient Admin(string? bootstrapServers, string? configFile, string? bootstrapControllers = null)
    {
        var properties = LoadProperties(configFile);
        if (bootstrapServers is not null)
            properties["bootstrap.servers"] = bootstrapServers;
        if (bootstrapControllers is not null)
        {
            properties.Remove("bootstrap.servers");
            properties["bootstrap.controllers"] = bootstrapControllers;
        }

        return new AdminClient(AdminClientOptions.Parse(LoginFile.Complete(properties)), ClientEnvironment.ForProgram());
    }

    /// <summary>An admin client by the options that most tools have.</summary>
    public static AdminClient Admin(OptionSet options, OptionSpec bootstrapServer, OptionSpec commandConfig) =>
        Admin(options.ValueOf(bootstrapServer), options.ValueOf(commandConfig));

    /// <summary>Puts <c>key=value</c> words into properties; a key alone gets the empty value.</summary>
    /// <exception cref="VerbException">A word has no key.</exception>
    public static void AddKeyValues(Dictionary<string, string> properties, IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? word : word[..equals];
            if (key.Length == 0)
                throw new VerbException($"Invalid command line properties: {word}");
            properties[key] = equals < 0 ? "" : word[(equals + 1)..];
        }
    }
}
