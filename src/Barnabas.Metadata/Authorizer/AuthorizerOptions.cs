using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Metadata.Authorizer;

/// <summary>What a <see cref="StandardAuthorizer"/> is configured with.</summary>
/// <param name="SuperUsers">Who may do everything, as <c>User:admin</c> (super.users).</param>
/// <param name="AllowsWithoutAcls">Whether what no entry is about is allowed (allow.everyone.if.no.acl.found).</param>
public sealed record AuthorizerOptions(IReadOnlySet<string> SuperUsers, bool AllowsWithoutAcls)
{
    private const string ClassName = "authorizer.class.name";
    private const string SuperUsersName = "super.users";
    private const string AllowName = "allow.everyone.if.no.acl.found";

    // The last two are names of the ZooKeeper era, with the same rules.
    private static readonly string[] Names =
    [
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "kafka.security.authorizer.AclAuthorizer",
        "kafka.security.auth.SimpleAclAuthorizer",
    ];

    /// <summary>Reads a node's configuration.</summary>
    /// <returns>Null where authorizer.class.name is empty: nobody is kept from anything.</returns>
    /// <exception cref="ConfigException">The class is not the standard authorizer, or a value is malformed.</exception>
    public static AuthorizerOptions? Read(BrokerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var name = config.GetString(ClassName);
        if (name.Length == 0)
            return null;
        if (!Names.Contains(name))
            throw new ConfigException(ClassName, name, $"Class {name} could not be found: authorizers are Java classes, and this broker has {Names[0]} alone");
        return new AuthorizerOptions(
            ParseSuperUsers(config.TryGetRaw(SuperUsersName, out var users) ? users : ""),
            config.TryGetRaw(AllowName, out var allow) && allow.Trim().Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    private static HashSet<string> ParseSuperUsers(string text)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            users.Add(Protocol.Acls.KafkaPrincipal.TryParse(user)?.ToString()
                ?? throw new ConfigException(SuperUsersName, text, $"expected a string in format principalType:principalName but got {user}"));
        }
        return users;
    }
}
