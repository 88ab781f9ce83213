namespace Barnabas.Configuration.Security;

/// <summary>Which login module speaks for which SASL mechanism.</summary>
public static class LoginModules
{
    /// <summary>The property that names a login file to a JVM, in KAFKA_OPTS.</summary>
    public const string FileProperty = "-Djava.security.auth.login.config=";

    private const string Scram = "org.apache.kafka.common.security.scram.ScramLoginModule";

    private static readonly Dictionary<string, string> ByMechanism = new(StringComparer.Ordinal)
    {
        ["PLAIN"] = "org.apache.kafka.common.security.plain.PlainLoginModule",
        ["SCRAM-SHA-256"] = Scram,
        ["SCRAM-SHA-512"] = Scram,
        ["OAUTHBEARER"] = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
        ["GSSAPI"] = "com.sun.security.auth.module.Krb5LoginModule",
    };

    /// <summary>Whether a login module speaks for a mechanism.</summary>
    public static bool SpeaksFor(JaasEntry entry, string mechanism)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ByMechanism.TryGetValue(mechanism, out var module) && entry.Module == module;
    }

    /// <summary>Whether a login module is one of those that speak for a mechanism; no other is ever run.</summary>
    public static bool IsKnown(JaasEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ByMechanism.ContainsValue(entry.Module);
    }

    /// <summary>The login file that the options of a JVM name, or null.</summary>
    public static string? FileOf(string? options) =>
        options?.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(word => word.StartsWith(FileProperty, StringComparison.Ordinal))?[FileProperty.Length..].Trim('"', '\'');

    /// <summary>An entry as the value of a <c>sasl.jaas.config</c>.</summary>
    public static string ToText(JaasEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var options = entry.Options.Select(option => $" {option.Key}=\"{option.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        return $"{entry.Module} required{string.Concat(options)};";
    }

    /// <summary>
    /// Gives each SASL listener the entries of a login file (<c>name.KafkaServer</c>, else <c>KafkaServer</c>) that its own
    /// <c>sasl.jaas.config</c> does not say, as Kafka looks them up.
    /// </summary>
    /// <param name="properties">A node's properties, which are added to.</param>
    /// <param name="listeners">Names of its SASL listeners with their mechanisms.</param>
    /// <param name="contexts">The login file.</param>
    public static void Apply(
        IDictionary<string, string> properties, IEnumerable<(string Listener, string Mechanism)> listeners, IReadOnlyDictionary<string, IReadOnlyList<JaasEntry>> contexts)
    {
        ArgumentNullException.ThrowIfNull(listeners);
        foreach (var (listener, mechanism) in listeners)
        {
            var name = listener.ToLowerInvariant();
            var key = $"listener.name.{name}.{mechanism.ToLowerInvariant()}.sasl.jaas.config";
            if (properties.ContainsKey(key))
                continue;
            var entries = contexts.GetValueOrDefault(name + ".KafkaServer") ?? contexts.GetValueOrDefault("KafkaServer") ?? [];
            if (entries.FirstOrDefault(entry => SpeaksFor(entry, mechanism)) is { } found)
                properties[key] = ToText(found);
        }
    }
}
