namespace Barnabas.Client.Security;

/// <summary>Kafka's <c>sasl.</c> keys of a client, as texts by their names. Holds secrets: it has no text form.</summary>
/// <param name="properties">The values; what is missing has no value.</param>
public sealed class SaslOptions(IReadOnlyDictionary<string, string> properties)
{
    /// <summary>Nothing set.</summary>
    public static SaslOptions None { get; } = new(new Dictionary<string, string>());

    /// <summary>A value, or null.</summary>
    public string? this[string name] => properties.GetValueOrDefault(name);

    /// <summary>sasl.mechanism.</summary>
    public string Mechanism => this["sasl.mechanism"] ?? Transport.Sasl.SaslMechanisms.Gssapi;

    /// <summary>Options for a user with a password.</summary>
    /// <param name="mechanism">PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">The password.</param>
    public static SaslOptions ForUser(string mechanism, string user, string password)
    {
        var module = mechanism == Transport.Sasl.SaslMechanisms.Plain
            ? "org.apache.kafka.common.security.plain.PlainLoginModule"
            : "org.apache.kafka.common.security.scram.ScramLoginModule";
        var entry = new Configuration.Security.JaasEntry(module, new Dictionary<string, string> { ["username"] = user, ["password"] = password });
        return new(new Dictionary<string, string> { ["sasl.mechanism"] = mechanism, ["sasl.jaas.config"] = Configuration.Security.LoginModules.ToText(entry) });
    }
}
