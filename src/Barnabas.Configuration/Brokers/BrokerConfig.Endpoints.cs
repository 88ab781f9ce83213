using System.Diagnostics.CodeAnalysis;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Brokers;

/// <content>Roles, ids and addresses.</content>
public sealed partial class BrokerConfig
{
    /// <summary>The node's id.</summary>
    public int NodeId => GetInt("node.id");

    /// <summary>True where the node is a broker.</summary>
    public bool IsBroker => GetList("process.roles").Contains("broker");

    /// <summary>True where the node is a controller.</summary>
    public bool IsController => GetList("process.roles").Contains("controller");

    /// <summary>True where the node is both.</summary>
    public bool IsCombined => IsBroker && IsController;

    /// <summary>Every address the node listens on.</summary>
    public IReadOnlyList<Endpoint> Listeners { get; private set; }

    /// <summary>Names of the controllers' listeners, in upper case; the first is the one brokers and controllers connect to.</summary>
    public IReadOnlyList<string> ControllerListenerNames { get; private set; }

    /// <summary>The addresses that clients and brokers connect to.</summary>
    public IReadOnlyList<Endpoint> BrokerListeners { get; private set; }

    /// <summary>The addresses that controllers and brokers connect to for the metadata quorum.</summary>
    public IReadOnlyList<Endpoint> ControllerListeners { get; private set; }

    /// <summary>What clients are told; an empty host stands for the machine's own name, port 0 for the port the listener got.</summary>
    public IReadOnlyList<Endpoint> AdvertisedBrokerListeners { get; private set; }

    /// <summary>What the quorum is told.</summary>
    public IReadOnlyList<Endpoint> AdvertisedControllerListeners { get; private set; }

    /// <summary>The security protocol of each listener name.</summary>
    public IReadOnlyDictionary<string, SecurityProtocol> ListenerSecurityProtocolMap { get; private set; }

    /// <summary>The listener that brokers use among themselves.</summary>
    public string InterBrokerListenerName { get; private set; }

    /// <summary>The static voters, empty where the quorum is found by bootstrap servers (KIP-853).</summary>
    public IReadOnlyList<QuorumVoter> QuorumVoters { get; private set; }

    /// <summary>Host and port of controllers to find the quorum by.</summary>
    public IReadOnlyList<(string Host, int Port)> QuorumBootstrapServers { get; private set; }

    [MemberNotNull(nameof(Listeners), nameof(ControllerListenerNames), nameof(BrokerListeners), nameof(ControllerListeners),
        nameof(AdvertisedBrokerListeners), nameof(AdvertisedControllerListeners), nameof(ListenerSecurityProtocolMap),
        nameof(InterBrokerListenerName), nameof(QuorumVoters), nameof(QuorumBootstrapServers))]
    private void ReadEndpoints()
    {
        ControllerListenerNames = GetList("controller.listener.names").Select(name => name.ToUpperInvariant()).ToList();
        ListenerSecurityProtocolMap = ReadProtocolMap();
        Listeners = EndpointParser.ParseList(GetList("listeners"), ListenerSecurityProtocolMap, distinctPorts: true);
        BrokerListeners = Listeners.Where(listener => !IsControllerName(listener)).ToList();
        ControllerListeners = Listeners.Where(IsControllerName).ToList();
        var advertised = Get("advertised.listeners") is null
            ? Listeners
            : EndpointParser.ParseList(GetList("advertised.listeners"), ListenerSecurityProtocolMap, distinctPorts: false);
        AdvertisedBrokerListeners = advertised.Where(listener => !IsControllerName(listener)).ToList();
        AdvertisedControllerListeners = ControllerListenerNames
            .Select(name => advertised.FirstOrDefault(listener => listener.ListenerName == name)
                ?? ControllerListeners.FirstOrDefault(listener => listener.ListenerName == name))
            .OfType<Endpoint>().ToList();
        InterBrokerListenerName = ReadInterBrokerListenerName();
        QuorumVoters = GetList("controller.quorum.voters")
            .Select(entry => QuorumAddressValidator.Parse("controller.quorum.voters", entry, withId: true))
            .Select(voter => new QuorumVoter(voter.Id, voter.Host, voter.Port)).ToList();
        QuorumBootstrapServers = GetList("controller.quorum.bootstrap.servers")
            .Select(entry => QuorumAddressValidator.Parse("controller.quorum.bootstrap.servers", entry, withId: false))
            .Select(server => (server.Host, server.Port)).ToList();
    }

    private bool IsControllerName(Endpoint endpoint) => ControllerListenerNames.Contains(endpoint.ListenerName);

    private Dictionary<string, SecurityProtocol> ReadProtocolMap()
    {
        var map = EndpointParser.ParseProtocolMap(GetString("listener.security.protocol.map"));
        if (IsSet("listener.security.protocol.map"))
            return map;
        var names = GetList("listeners").Select(EndpointParser.ParseName).Concat(ControllerListenerNames);
        if (!names.Any(name => name is "SSL" or "SASL_PLAINTEXT" or "SASL_SSL"))
            foreach (var name in ControllerListenerNames)
                map[name] = SecurityProtocol.Plaintext;
        return map;
    }

    private string ReadInterBrokerListenerName()
    {
        var name = GetOptionalString("inter.broker.listener.name")?.ToUpperInvariant();
        if (name is null)
            return GetString("security.inter.broker.protocol");
        if (IsSet("security.inter.broker.protocol"))
            throw new ConfigException("Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.");
        if (!ListenerSecurityProtocolMap.ContainsKey(name))
            throw new ConfigException($"Listener with name {name} defined in inter.broker.listener.name not found in listener.security.protocol.map.");
        return name;
    }
}
