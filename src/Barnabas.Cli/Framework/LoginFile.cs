using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Security;
using Barnabas.Connect.Rest;

namespace Barnabas.Cli.Framework;

/// <summary>The JAAS login file that KAFKA_OPTS names by <c>-Djava.security.auth.login.config=FILE</c>: what tutorials put users and passwords into.</summary>
internal static class LoginFile
{
    private const string ClientContext = "KafkaClient";
    private const string JaasKey = "sasl.jaas.config";

    /// <summary>Gives a client the login of the file where its properties have none.</summary>
    /// <returns>The properties.</returns>
    public static Dictionary<string, string> Complete(Dictionary<string, string> properties)
    {
        if (properties.ContainsKey(JaasKey) || Read() is not { } contexts || !contexts.TryGetValue(ClientContext, out var entries) || entries.Count == 0)
            return properties;
        var mechanism = properties.GetValueOrDefault("sasl.mechanism");
        var entry = entries.FirstOrDefault(entry => mechanism is not null && LoginModules.SpeaksFor(entry, mechanism)) ?? entries[0];
        properties[JaasKey] = LoginModules.ToText(entry);
        return properties;
    }

    /// <summary>Gives a Connect worker the logins of the file where its properties have none: that of its clients, and that of its REST API's users.</summary>
    /// <returns>The properties.</returns>
    public static Dictionary<string, string> CompleteWorker(Dictionary<string, string> properties)
    {
        if (!properties.ContainsKey(BasicAuthentication.LoginKey) && Read()?.GetValueOrDefault(BasicAuthentication.LoginContext) is { Count: > 0 } entries)
            properties[BasicAuthentication.LoginKey] = string.Join(' ', entries.Select(LoginModules.ToText));
        return Complete(properties);
    }

    /// <summary>Gives a node's listeners the logins of the file where its properties have none.</summary>
    public static void ApplyToNode(Dictionary<string, string> properties)
    {
        if (Read() is not { } contexts)
            return;
        var config = BrokerConfig.Create(properties);
        var listeners =
            from listener in config.Listeners
            where listener.SecurityProtocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl
            let key = $"listener.name.{listener.ListenerName.ToLowerInvariant()}.sasl.enabled.mechanisms"
            from mechanism in config.TryGetRaw(key, out var own) ? own.Split(',', StringSplitOptions.TrimEntries) : config.GetList("sasl.enabled.mechanisms")
            select (listener.ListenerName, mechanism);
        LoginModules.Apply(properties, listeners.ToList(), contexts);
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<JaasEntry>>? Read() =>
        LoginModules.FileOf(Environment.GetEnvironmentVariable("KAFKA_OPTS")) is not { } path ? null
        : File.Exists(path) ? JaasConfig.ParseFile(path, File.ReadAllText(path))
        : throw new VerbException($"{path} (No such file or directory), named by {LoginModules.FileProperty} in KAFKA_OPTS");
}
