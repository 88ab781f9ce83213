using System.Net;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Security;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;
using Barnabas.Transport;
using Barnabas.Transport.Server;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>The bound listeners of a node and what they are advertised as. Owned by the node.</summary>
internal sealed class ListenerSet : IAsyncDisposable
{
    private readonly List<Listener> _listeners = [];
    private readonly List<ListenerSecurity> _security = [];
    private readonly List<NodeEndpoint> _brokerEndpoints = [];
    private readonly List<NodeEndpoint> _controllerEndpoints = [];

    public IReadOnlyList<Listener> Listeners => _listeners;

    /// <summary>What the broker registers: listener names with the addresses clients use.</summary>
    public IReadOnlyList<NodeEndpoint> BrokerEndpoints => _brokerEndpoints;

    /// <summary>What the controller registers.</summary>
    public IReadOnlyList<NodeEndpoint> ControllerEndpoints => _controllerEndpoints;

    public static async Task<ListenerSet> BindAsync(
        BrokerConfig config, ITransport transport, MetadataCache metadata, IFrameHandler broker, IFrameHandler controller, ConnectionQuotas quotas, TimeProvider time, ILogger logger)
    {
        var set = new ListenerSet();
        try
        {
            foreach (var endpoint in config.BrokerListeners)
                await set.BindAsync(endpoint, Advertised(config.AdvertisedBrokerListeners, endpoint), isBroker: true, broker, config, transport, metadata, quotas, time, logger);
            foreach (var endpoint in config.ControllerListeners)
                await set.BindAsync(endpoint, Advertised(config.AdvertisedControllerListeners, endpoint), isBroker: false, controller, config, transport, metadata, quotas, time, logger);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Follows a change of the configuration.</summary>
    public void Change(BrokerConfig config)
    {
        foreach (var security in _security)
            security.Change(config);
    }

    public void Start()
    {
        foreach (var listener in _listeners)
            listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
    }

    public static ConnectionLimits Limits(BrokerConfig config)
    {
        var overrides = new Dictionary<IPAddress, int>();
        foreach (var (host, limit) in config.MaxConnectionsPerIpOverrides)
        {
            foreach (var address in HostAddresses.Of(host))
                overrides[address] = limit;
        }
        return new ConnectionLimits
        {
            MaxConnections = config.GetInt("max.connections"),
            PerListener = ListenerOverrides.Of(config, "max.connections"),
            MaxConnectionsPerIp = config.GetInt("max.connections.per.ip"),
            PerIpOverrides = overrides,
        };
    }

    private static Endpoint Advertised(IReadOnlyList<Endpoint> advertised, Endpoint endpoint) =>
        advertised.FirstOrDefault(a => a.ListenerName == endpoint.ListenerName) ?? endpoint;

    private async Task BindAsync(
        Endpoint endpoint, Endpoint advertised, bool isBroker, IFrameHandler handler, BrokerConfig config, ITransport transport, MetadataCache metadata,
        ConnectionQuotas quotas, TimeProvider time, ILogger logger)
    {
        var security = new ListenerSecurity(endpoint, config, metadata, time, logger);
        _security.Add(security);
        var options = new ServerOptions
        {
            MaxRequestBytes = config.SocketRequestMaxBytes,
            MaxIdle = TimeSpan.FromMilliseconds(config.GetLong("connections.max.idle.ms")),
        };
        var listener = await Listener.BindAsync(endpoint.ListenerName, endpoint.Host, endpoint.Port, security.Over(transport), security.Before(handler, time), options, quotas, time, logger);
        _listeners.Add(listener);
        var host = advertised.Host.Length > 0 ? advertised.Host : HostAddresses.LocalName;
        var port = advertised.Port > 0 ? advertised.Port : listener.LocalEndPoint.Port;
        BrokerLog.Listening(logger, endpoint.ListenerName, listener.LocalEndPoint.ToString(), host, port);
        (isBroker ? _brokerEndpoints : _controllerEndpoints).Add(new NodeEndpoint(endpoint.ListenerName, host, port, (short)endpoint.SecurityProtocol));
    }
}
