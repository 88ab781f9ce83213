using System.Diagnostics.CodeAnalysis;
using Barnabas.Client.Options;
using Barnabas.Configuration;

namespace Barnabas.Client.Admin;

/// <summary>What an <see cref="AdminClient"/> needs to know.</summary>
public sealed record AdminClientOptions : ClientOptions
{
    /// <summary>Options with Kafka's defaults.</summary>
    public AdminClientOptions()
    {
        ConnectionsMaxIdle = TimeSpan.FromMinutes(5);
    }

    [SetsRequiredMembers]
    private AdminClientOptions(ConfigValues values)
        : base(values)
    {
        var controllers = values.GetList("bootstrap.controllers");
        if (controllers.Count > 0)
        {
            if (BootstrapServers.Count > 0) throw new ConfigException("You cannot specify both bootstrap.servers and bootstrap.controllers");
            BootstrapServers = controllers;
            UseControllers = true;
        }
        else if (BootstrapServers.Count == 0)
        {
            throw new ConfigException("You must set either bootstrap.servers or bootstrap.controllers");
        }

        ApiTimeout = values.GetMilliseconds("default.api.timeout.ms");
        Retries = values.GetInt("retries");
        if (ApiTimeout < RequestTimeout)
        {
            if (values.IsSet("default.api.timeout.ms"))
                throw new ConfigException("The specified value of default.api.timeout.ms must be no smaller than the value of request.timeout.ms.");
            ApiTimeout = RequestTimeout;
        }

        UnusedNames = values.UnusedNames;
    }

    /// <summary><c>default.api.timeout.ms</c>: how long a call may take with all its retries, unless it says otherwise.</summary>
    public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>retries</c>: how often a call is tried again at most.</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary>Whether the bootstrap addresses are controllers' (<c>bootstrap.controllers</c>, KIP-919).</summary>
    public bool UseControllers { get; init; }

    /// <summary>Reads Kafka's configuration names; unknown ones are kept in <see cref="ClientOptions.UnknownNames"/>.</summary>
    /// <exception cref="ConfigException">A value is invalid; the message is Kafka's.</exception>
    public static AdminClientOptions Parse(IReadOnlyDictionary<string, string> properties) => new(new ConfigValues(ConfigDefinitions.Admin, properties));
}
